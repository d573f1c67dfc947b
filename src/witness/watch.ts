import type { Clock } from '../clock.ts';
import type { EngineEvent, LogLine, Target } from '../engines/engine.ts';
import type { Plan } from '../plan/plan.ts';
import { createJobLines, type JobLines } from './job-lines.ts';
import { keepLogLines } from './log-lines.ts';

/** Something seen at a moment of the run's clock, microseconds. */
export type Seen<T> = T & { readonly atUs: number };

/** The engine's events and the target's output since its start, as they come. */
export interface Watch extends Disposable {
  readonly clock: Clock;
  readonly events: readonly Seen<EngineEvent>[];
  /** The newest, and of the older ones those that match. */
  readonly logs: readonly Seen<LogLine>[];
  readonly logLinesDropped: number;
  /** What its output tells of jobs, from the start on. */
  readonly jobs: JobLines;
  /** Resolves when the target has put out its last line, and that has come. */
  readonly logsEnded: Promise<void>;
  /** Resolves with the `die` event, at once where it has been seen. */
  readonly died: Promise<Seen<EngineEvent>>;
  /** Resolves with the first event of this kind that was seen since then, by the run's clock, or will be. */
  first(matches: (event: EngineEvent) => boolean, sinceUs?: number): Promise<Seen<EngineEvent>>;
  /** The last lines of output, `stream: text`, oldest first. */
  tail(lines: number): readonly string[];
}

/** Starts watching a target that has just been started. The plan says which lines of its output tell of jobs, or matter else. */
export async function startWatch(target: Target, clock: Clock, plan: Pick<Plan, 'jobs' | 'logMatch'>): Promise<Watch> {
  const events: Seen<EngineEvent>[] = [];
  const logs = keepLogLines<Seen<LogLine>>(plan.logMatch);
  const listeners = new Set<(event: Seen<EngineEvent>) => void>();
  const jobs = createJobLines(plan.jobs);
  const eventSource = await target.watch((event) => {
    const seen = { ...event, atUs: clock.nowUs() };
    events.push(seen);
    for (const listener of listeners) listener(seen);
  });
  const logSource = target.followLogs((line) => {
    const atUs = clock.nowUs();
    jobs.add(line.text, atUs);
    logs.add({ ...line, atUs });
  });
  const first: Watch['first'] = (matches, sinceUs = -Infinity) => {
    const past = events.find((event) => event.atUs >= sinceUs && matches(event));
    if (past) return Promise.resolve(past);
    return new Promise((resolve) => {
      listeners.add((event) => {
        if (matches(event)) resolve(event);
      });
    });
  };
  return {
    clock,
    events,
    get logs() {
      return logs.lines;
    },
    get logLinesDropped() {
      return logs.dropped;
    },
    jobs,
    logsEnded: logSource.ended,
    died: first(({ action }) => action === 'die'),
    first,
    tail: (lines) => logs.lines.slice(-lines).map(({ stream, text }) => `${stream}: ${text}`),
    [Symbol.dispose]: () => {
      eventSource[Symbol.dispose]();
      logSource[Symbol.dispose]();
    },
  };
}
