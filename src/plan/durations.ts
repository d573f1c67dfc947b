const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const DURATION = new RegExp(`^(?=.)(?:${NUMBER}h)?(?:${NUMBER}m(?!s))?(?:${NUMBER}s)?(?:${NUMBER}ms)?$`);
const BARE = new RegExp(`^${NUMBER}$`);
const UNITS_MS = [3_600_000, 60_000, 1_000, 1] as const;

/** What a duration may look like, for messages. */
export const DURATION_FORMS = '500ms, 30s, 1m, 1m30s, or a bare number of seconds';

/** Milliseconds of `500ms`, `30s`, `1m30s`, `1h`, or a bare number of seconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const bare = BARE.exec(text);
  if (bare) return Math.round(Number(bare[1]) * 1_000);
  const parts = DURATION.exec(text)?.slice(1);
  if (!parts) return null;
  return Math.round(parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (UNITS_MS[index] ?? 0), 0));
}

/** The shortest form that `parseDuration` reads back: 500 -> `500ms`, 90,000 -> `1m30s`, 1,500 -> `1.5s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  if (durationMs < 1_000) return `${durationMs}ms`;
  const hours = Math.floor(durationMs / 3_600_000);
  const minutes = Math.floor((durationMs % 3_600_000) / 60_000);
  const seconds = (durationMs % 60_000) / 1_000;
  return [hours ? `${hours}h` : '', minutes ? `${minutes}m` : '', seconds ? `${seconds}s` : ''].join('');
}
