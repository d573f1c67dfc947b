import { readFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Who made what is saved. */
export const TOOL = { name: 'shutdown-check', version } as const;
