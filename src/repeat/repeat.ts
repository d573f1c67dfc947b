import { withRandomMoment } from '../budget/moment.ts';
import type { Engine, PreparedImage } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { Plan } from '../plan/plan.ts';
import { labelled } from '../progress.ts';
import type { Run, RunHooks } from '../run.ts';
import type { RepeatEnd } from './record.ts';
import { tellRun } from './tell.ts';

/** The runs of one plan, and why there are no more of them. */
export interface Repeated {
  readonly runs: readonly Run[];
  /** How many were asked for. */
  readonly asked: number;
  readonly ended: RepeatEnd;
}

type RunOnce = (engine: Engine, plan: Plan, hooks: RunHooks) => Promise<Run>;

/**
 * Runs a plan as often as it says, one run after the other: side by side they would measure each other. Each is of the same
 * image, and of several each is stopped at a moment drawn at random, so that they are more than one run told many times.
 *
 * An abort ends it once the run that is under way has cleaned up: what was measured by then counts.
 *
 * @throws whatever keeps the first run from taking place. What keeps a later one ends the series.
 */
export async function repeatRuns(engine: Engine, plan: Plan, hooks: RunHooks, runOnce: RunOnce): Promise<Repeated> {
  const { repeat: asked } = plan;
  if (asked === 1) return { runs: [await runOnce(engine, plan, hooks)], asked, ended: { kind: 'complete' } };
  const sameImage = preparingOnce(engine);
  const done: Run[] = [];
  while (done.length < asked) {
    const label = `run ${done.length + 1} of ${asked}`;
    const onProgress = labelled(label, done.length === 0, hooks.onProgress);
    const load = withRandomMoment(plan.load, Math.random());
    const next = await runOnce(sameImage, { ...plan, load }, { ...hooks, onProgress }).catch((error: unknown) =>
      endOf(error, done, hooks.signal),
    );
    if ('kind' in next) return { runs: done, asked, ended: next };
    done.push(next);
    hooks.onProgress?.({ kind: 'note', text: `${label}: ${tellRun(next.record)}` });
  }
  return { runs: done, asked, ended: { kind: 'complete' } };
}

/** The engine, which builds or pulls each image once: a second build could be of other files, and a pull of another image. */
function preparingOnce(engine: Engine): Engine {
  const prepared = new Map<string, Promise<PreparedImage>>();
  return {
    ...engine,
    prepareImage(source, onProgress, abort) {
      const key = JSON.stringify(source);
      const image = prepared.get(key) ?? engine.prepareImage(source, onProgress, abort);
      prepared.set(key, image);
      return image;
    },
  };
}

/** @throws the error, where nothing is done yet, or where it is a bug. */
function endOf(error: unknown, done: readonly Run[], signal: AbortSignal | undefined): RepeatEnd {
  if (done.length === 0) throw error;
  if (signal?.aborted) return { kind: 'interrupted' };
  if (!(error instanceof CannotRunError)) throw error;
  return { kind: 'broken', because: error.message };
}
