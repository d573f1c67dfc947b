import type Dockerode from 'dockerode';
import { within } from '../../load/within.ts';
import type { EngineEvent, TargetState } from '../engine.ts';
import { statusOf } from './engine-error.ts';
import { notInspected, stateOf } from './state.ts';

/** The event of an end may come so much later than the inspection that shows it. */
const EVENT_MS = 1_000;

/**
 * The end of a container that the engine may remove at once, or start again: then there is nothing to inspect, and its
 * events stand in.
 */
export interface AttachedEnd {
  /** Every event of the container has to be given to it. */
  take(event: EngineEvent): void;
  /** @throws CannotRunError where the engine does not answer. */
  state(): Promise<TargetState>;
}

/** @param startedAt of the run that counts, as the engine's inspection says it. */
export function endOf(container: Dockerode.Container, startedAt: string): AttachedEnd {
  const died = Promise.withResolvers<void>();
  const told: EngineEvent[] = [];
  return {
    take(event) {
      // What comes after its end is of a run that does not count.
      if (told.at(-1)?.action !== 'die') told.push(event);
      if (event.action === 'die') died.resolve();
    },
    async state() {
      const inspected = await inspect(container);
      if (inspected?.State.StartedAt === startedAt && !inspected.State.Restarting) return stateOf(inspected);
      await within(EVENT_MS, died.promise);
      const exitCode = told.at(-1)?.exitCode ?? null;
      return {
        ...ENDED,
        startedAgain: inspected?.State.Running === true,
        exitCode,
        oomKilled: told.some(({ action }) => action === 'oom'),
      };
    },
  };
}

const ENDED = { running: false, error: '', health: null, healthOutput: '', endedEpochMs: null } as const;

/** null where it is gone. */
async function inspect(container: Dockerode.Container): Promise<Dockerode.ContainerInspectInfo | null> {
  return await container.inspect().catch((error: unknown) => {
    if (statusOf(error) === 404) return null;
    throw notInspected(error);
  });
}
