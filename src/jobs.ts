import type { JobLine, Observation } from './observation.ts';
import { type Drawn, leastUnderWay, type Span } from './requests.ts';
import type { JobsRecord } from './result.ts';

/** A job as its log tells it. */
export interface Job<Line = JobLine> {
  /** null where the patterns name none. */
  readonly name: string | null;
  readonly startedAt: Line;
  /** null where no line told of its end. */
  readonly endedAt: Line | null;
}

/** What a line tells of a job. */
type Told = Pick<JobLine, 'kind' | 'job'>;

/** Lines that are put together to jobs as they come. */
export interface Pairing<Line> {
  /** In the order of their starts. */
  readonly jobs: readonly Job<Line>[];
  /** Those that no line has ended, in the same order. */
  readonly open: ReadonlySet<Job<Line>>;
  /** Takes the next line, and gives the job that it ends; null where it ends none. */
  take(line: Line): { readonly startedAt: Line; readonly endedAt: Line } | null;
}

/**
 * Puts the lines that end jobs to those that began them. A line without a name ends the oldest job under way. A name that
 * begins anew while it is under way is the same job, tried again.
 */
export function startPairing<Line extends Told>(): Pairing<Line> {
  const jobs: Begun<Line>[] = [];
  const [open, nameless, named] = [new Set<Begun<Line>>(), new Set<Begun<Line>>(), new Map<string, Begun<Line>>()];
  const begin = (startedAt: Line): void => {
    const job = { name: startedAt.job, startedAt, endedAt: null };
    jobs.push(job);
    open.add(job);
    if (job.name === null) nameless.add(job);
    else named.set(job.name, job);
  };
  const end = (line: Line): ReturnType<Pairing<Line>['take']> => {
    const job = line.job === null ? first(open) : (named.get(line.job) ?? first(nameless));
    if (!job) return null;
    job.endedAt = line;
    open.delete(job);
    nameless.delete(job);
    if (job.name !== null) named.delete(job.name);
    return { startedAt: job.startedAt, endedAt: line };
  };
  return {
    jobs,
    open,
    take(line) {
      if (line.kind === 'end') return end(line);
      if (line.job === null || !named.has(line.job)) begin(line);
      return null;
    },
  };
}

/** The jobs that these lines tell of, in the order of their starts. */
export function pairJobs<Line extends Told>(lines: readonly Line[]): readonly Job<Line>[] {
  const pairing = startPairing<Line>();
  for (const line of lines) pairing.take(line);
  return pairing.jobs;
}

interface Begun<Line> extends Job<Line> {
  endedAt: Line | null;
}

function first<T>([one]: Iterable<T>): T | undefined {
  return one;
}

/** The jobs of a run, as the verdict sees them. */
export interface JudgedJobs {
  /** All but those that were finished and forgotten, in the order of their starts. */
  readonly all: readonly Job[];
  /** Started, and not finished when the process had ended. */
  readonly lost: readonly Job[];
  readonly started: number;
  /** The least number under way over the signal's interval. */
  readonly underWayAtSignal: number;
}

/** What became of the jobs; null where none were watched for. Pure. */
export function judgeJobs(observation: Observation): JudgedJobs | null {
  if (observation.plan.jobs === null) return null;
  const all = pairJobs(observation.jobs);
  return {
    all,
    started: all.length + observation.jobsForgotten,
    lost: all.filter(({ endedAt }) => endedAt === null),
    underWayAtSignal: leastUnderWay(
      all.map((job) => spanOf(job, observation, Infinity)),
      observation,
    ),
  };
}

/** Counts the jobs for the saved result. */
export function countJobs({ started, lost, underWayAtSignal }: JudgedJobs): JobsRecord {
  return { started, finished: started - lost.length, lost: lost.length, underWayAtSignal };
}

/** The jobs as the timeline draws them: those that were lost end with the process. */
export function drawJobs({ all }: JudgedJobs, observation: Observation, endedAtMs: number): readonly Drawn[] {
  return all.map((job) => ({
    outcome: job.endedAt === null ? 'lost' : 'completed',
    ...spanOf(job, observation, endedAtMs),
  }));
}

/** A job as a stretch of the ledger's clock; one that was never finished lasts until `untilMs`. */
function spanOf({ startedAt, endedAt }: Job, { t0Us }: Observation, untilMs: number): Span {
  return { sentUs: t0Us + startedAt.atMs * 1000, endUs: t0Us + (endedAt?.atMs ?? untilMs) * 1000 };
}
