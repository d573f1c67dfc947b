const SIZE = /^(\d+(?:\.\d+)?)\s?([bkmgt]?)(?:i?b)?$/i;
const POWERS = ['b', 'k', 'm', 'g', 't'];

/** What a size may look like, for messages. */
export const SIZE_FORMS = '256m, 1g, 512k, or a bare number of bytes';

/** Bytes of `256m`, `1g`, `512k` or a bare number, in powers of 1024 as docker counts; null for anything else. */
export function parseBytes(text: string): number | null {
  const match = SIZE.exec(text);
  if (!match) return null;
  const power = POWERS.indexOf((match[2] || 'b').toLowerCase());
  return Math.floor(Number(match[1]) * 1024 ** power);
}
