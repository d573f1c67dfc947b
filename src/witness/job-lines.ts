import { pairJobs } from '../jobs.ts';
import type { JobLine } from '../observation.ts';
import type { JobPlan } from '../plan/plan.ts';
import type { Seen } from './watch.ts';

/** A line of the log that told of a job, on the run's clock. */
export type SeenJobLine = Seen<Omit<JobLine, 'atMs'>>;

/** Past so many lines those of the finished jobs among the older half are forgotten and only counted. */
const MAX_LINES = 20_000;
/** Past so many, no more begin: a pattern for the end that never matches must not fill the memory. */
const MAX_BEGUN = 2 * MAX_LINES;

/** The lines that tell of jobs, matched as they come. */
export interface JobLines {
  readonly lines: readonly SeenJobLine[];
  /** Jobs that were finished, and whose lines are no longer kept. */
  readonly forgotten: number;
  add(text: string, atUs: number): void;
}

/** Matches log lines against a worker's patterns; nothing matches where there are none. */
export function createJobLines(plan: JobPlan | null): JobLines {
  const patterns = plan && { start: new RegExp(plan.start, 'u'), end: new RegExp(plan.end, 'u') };
  let lines: SeenJobLine[] = [];
  let forgotten = 0;
  let sweepAt = MAX_LINES;
  const sweep = (): void => {
    const older = new Set(lines.slice(0, lines.length / 2));
    const done = pairJobs(lines).filter(({ endedAt }) => endedAt !== null && older.has(endedAt));
    const gone = new Set(done.flatMap(({ startedAt, endedAt }) => [startedAt, endedAt]));
    lines = lines.filter((line) => !gone.has(line));
    forgotten += done.length;
    sweepAt = lines.length + MAX_LINES / 2;
  };
  const keep = (line: SeenJobLine): void => {
    if (lines.length >= sweepAt) sweep();
    if (line.kind === 'end' || lines.length < MAX_BEGUN) lines.push(line);
  };
  return {
    get lines() {
      return lines;
    },
    get forgotten() {
      return forgotten;
    },
    add(text, atUs) {
      if (!patterns) return;
      for (const kind of ['end', 'start'] as const) {
        const match = patterns[kind].exec(text);
        if (match) keep({ kind, job: match[1] ?? null, atUs });
      }
    },
  };
}
