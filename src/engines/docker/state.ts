import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import type { TargetState } from '../engine.ts';
import { engineSentence } from './engine-error.ts';

const HEALTH = ['starting', 'healthy', 'unhealthy'] as const;

/**
 * Inspects a container.
 *
 * @throws CannotRunError where the engine does not answer, or somebody has removed the container.
 */
export async function readState(container: Dockerode.Container): Promise<TargetState> {
  const inspected = await container.inspect().catch((cause: unknown) => {
    throw notInspected(cause);
  });
  return stateOf(inspected);
}

export function notInspected(cause: unknown): CannotRunError {
  return new CannotRunError(`The container cannot be inspected: ${engineSentence(cause)}`, { cause });
}

/** What an inspection says of the state. */
export function stateOf({ State: state }: Dockerode.ContainerInspectInfo): TargetState {
  return {
    running: state.Running,
    exitCode: state.Running ? null : state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    startedAgain: false,
    health: HEALTH.find((health) => health === state.Health?.Status) ?? null,
    healthOutput: state.Health?.Log?.at(-1)?.Output.trim() ?? '',
    endedEpochMs: state.Running ? null : epochMs(state.FinishedAt),
  };
}

/** "Never" is the year 1. */
function epochMs(time: string): number | null {
  const ms = Date.parse(time);
  return ms > 0 ? ms : null;
}
