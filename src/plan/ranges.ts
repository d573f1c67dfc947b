import { DURATION_FORMS, formatDuration } from './durations.ts';

/** The numbers that an option takes. */
export interface Range {
  readonly min: number;
  readonly max: number;
  /** Values are multiples of it; null: fractions too. */
  readonly step: number | null;
  readonly unit: 'number' | 'ms' | 'bytes';
}

const DAY_MS = 86_400_000;

function duration(min: number, max: number, step: number): Range {
  return { min, max, step, unit: 'ms' };
}

function number(min: number, max: number, step: number | null): Range {
  return { min, max, step, unit: 'number' };
}

/** Limits of the numeric options. Flags and the library's options share them. */
export const RANGES = {
  /** Six megabytes is the least that the engine takes. */
  memoryBytes: { min: 6 * 1024 ** 2, max: 2 ** 50, step: 1, unit: 'bytes' },
  cpus: number(0.01, 1_024, null),
  port: number(1, 65_535, 1),
  readyTimeoutMs: duration(100, DAY_MS, 1),
  /** 20,000 a second is what the load generator reaches with full records. */
  rate: number(0.1, 20_000, null),
  requestTimeoutMs: duration(1, DAY_MS, 1),
  /** What the app answers when nobody stops it is learned in the warm-up, so there is always one. */
  warmupMs: duration(500, DAY_MS, 1),
  park: number(0, 1_000, 1),
  minInFlight: number(0, 10_000, 1),
  /** The engine's stop takes whole seconds. */
  graceMs: duration(0, DAY_MS, 1_000),
  /** A command's is this program's own. */
  execGraceMs: duration(0, DAY_MS, 1),
  routingLagMs: duration(0, DAY_MS, 1),
  startDelayMs: duration(0, DAY_MS, 1),
  maxGraceMs: duration(1_000, DAY_MS, 1_000),
  execMaxGraceMs: duration(1, DAY_MS, 1),
  timeoutMs: duration(1_000, DAY_MS, 1),
  maxDrainMs: duration(1, DAY_MS, 1),
  maxStopMs: duration(1, DAY_MS, 1),
  maxLatencyMs: duration(1, DAY_MS, 1),
  maxRejected: number(0, 1_000_000, 1),
  repeat: number(1, 1_000, 1),
  status: number(200, 599, 1),
  exitCode: number(0, 255, 1),
  /** As manifests count them. */
  seconds: number(0, DAY_MS / 1_000, 1),
  userId: number(0, 2 ** 31 - 1, 1),
  everyMs: duration(10, DAY_MS, 1),
  share: number(0.001, 1_000_000, null),
  parallel: number(1, 1_000, 1),
  runs: number(1, 1_000, 1),
  replicas: number(2, 20, 1),
  /** HAProxy's own limit is higher, and of no use. */
  balancerRetries: number(0, 100, 1),
} as const satisfies Record<string, Range>;

/** Whether a value, of whatever type, is a number in the range. */
export function fits(value: unknown, range: Range): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return value >= range.min && value <= range.max && (range.step === null || value % range.step === 0);
}

/** The range in words, for someone who writes durations and sizes as text. */
export function describeRange(range: Range): string {
  if (range.unit === 'ms') {
    const limits = `from ${formatDuration(range.min)} to ${formatDuration(range.max)}`;
    return range.step === 1_000
      ? `whole seconds ${limits} (30s, 1m, 1m30s, or a bare number of seconds)`
      : `a duration ${limits} (${DURATION_FORMS})`;
  }
  if (range.unit === 'bytes') return 'a size of at least 6m (256m, 1g, 512k, or a bare number of bytes)';
  return `a ${range.step === 1 ? 'whole ' : ''}number from ${range.min} to ${range.max}`;
}

/** The range in the units of the library's options. */
export function describeRawRange(range: Range): string {
  const limits = `from ${range.min} to ${range.max}`;
  if (range.step === 1_000) return `milliseconds ${limits}, in whole seconds`;
  const kind = range.step === 1 ? 'a whole number' : 'a number';
  const unit = { number: '', ms: ' of milliseconds', bytes: ' of bytes' }[range.unit];
  return `${kind}${unit} ${limits}`;
}

/** Why a value between the steps is refused; undefined where the range alone says it. */
export function reasonFor(value: number, range: Range): string | undefined {
  const between = range.step === 1_000 && value % 1_000 !== 0;
  return between
    ? 'Fractions of a second are refused because the engine counts the grace period in whole seconds.'
    : undefined;
}
