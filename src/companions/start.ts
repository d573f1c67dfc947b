import { startClock } from '../clock.ts';
import type { Engine, Target } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { CompanionPlan, ContainerPlan, Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { startWatch, type Watch } from '../witness/watch.ts';
import { assertFoldersFree, writes } from './folders.ts';
import { withThoseGone } from './gone.ts';
import { needsNetwork, networkOwner, place } from './place.ts';
import { createStack } from './stack.ts';
import { untilUsable } from './until-usable.ts';

/** A container that has been started beside the target, and those who watch it. */
export interface Companion {
  readonly plan: CompanionPlan;
  readonly target: Target;
  readonly watch: Watch;
}

/** All that stands beside a target. Disposal removes it, with the network that it is on. */
export interface Companions extends AsyncDisposable {
  /** In the order in which they were started. */
  readonly sidecars: readonly Companion[];
  /** The target's container, on the network where the others are. */
  readonly container: ContainerPlan;
  /** Tells with an error of the target's which of the companions have ended, and throws it. */
  readonly blame: (error: unknown) => Promise<never>;
  /** The ports that the target has to publish: none where it shares a companion's network, which has published them. */
  readonly ports: readonly number[];
}

/**
 * Starts what the plan has beside the target, one after the other, each when the one before it is what is waited for.
 *
 * @param ports of the target that may have to be published
 * @throws CannotRunError that names the one which does not start or does not get so far, with its last log lines.
 */
export async function startCompanions(
  engine: Engine,
  plan: Plan,
  ports: readonly number[],
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Companions> {
  await assertFoldersFree(engine, plan);
  await using made = createStack();
  const network = needsNetwork(plan) ? made.use(await engine.createNetwork()).name : null;
  const owner = networkOwner(plan);
  const started: Companion[] = [];
  const idOf = (name: string): string | null => started.find((one) => one.plan.name === name)?.target.id ?? null;
  for (const companion of plan.companions) {
    onProgress({ kind: 'stage', stage: 'start', text: `starting ${companion.name}` });
    const named = (error: unknown): never => {
      throw notStarted(companion, error);
    };
    const tell = (text: string): void => onProgress({ kind: 'detail', text });
    const image = await engine.prepareImage(companion.image, tell, abort).catch(named);
    const container = place(companion.container, network, idOf);
    const target = made.use(await engine.start(image, container, companion.name === owner ? ports : []).catch(named));
    if (writes(container)) made.defer(() => stopGently(target));
    const watch = made.use(await startWatch(target, startClock(), WATCHED));
    started.push({ plan: companion, target, watch });
    await untilUsable({ plan: companion, target, watch }, image, plan.readyTimeoutMs, abort);
  }
  const kept = made.move();
  return {
    sidecars: started.filter((one) => one.plan.role === 'sidecar'),
    container: place(plan.container, network, idOf),
    ports: owner === null ? ports : [],
    blame: async (error) => {
      throw await withThoseGone(error, started);
    },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  };
}

/** What writes in folders of the user's is not to be cut off in the midst of it. Whatever comes of it, it is removed then. */
async function stopGently(target: Target): Promise<void> {
  await target.stop(LAST_WRITES_MS).catch(() => {});
}

const LAST_WRITES_MS = 5000;

/** Of their output only the end matters, and only where they fail. */
const WATCHED = { jobs: null, logMatch: [] };

function notStarted({ name }: CompanionPlan, error: unknown): unknown {
  if (!(error instanceof CannotRunError)) return error;
  const { message, detail, nextStep } = error;
  return new CannotRunError(`${name}: ${message}`, {
    detail,
    ...(nextStep === null ? {} : { nextStep }),
    cause: error,
  });
}
