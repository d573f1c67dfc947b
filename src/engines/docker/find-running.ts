import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import { nearest, nearestFirst } from '../../plan/nearest.ts';
import { engineSentence, statusOf } from './engine-error.ts';

/** So many of the running containers are named where none is the one that was meant. */
const MAX_NAMED = 8;

/** As people call it: the engine puts a slash in front. */
export function nameOf({ Name }: Pick<Dockerode.ContainerInspectInfo, 'Name'>): string {
  return Name.replace(/^\//, '');
}

/**
 * A container that runs, by its name, its id or the beginning of that.
 *
 * @throws CannotRunError where there is none, with the names nearest to it, and where it does not run.
 */
export async function findRunning(dockerode: Dockerode, reference: string): Promise<Dockerode.ContainerInspectInfo> {
  const found = await dockerode
    .getContainer(reference)
    .inspect()
    .catch(async (cause: unknown) => {
      throw statusOf(cause) === 404 ? await notFound(dockerode, reference, cause) : notTold(reference, cause);
    });
  const obstacle = obstacleOf(found);
  if (obstacle === null) return found;
  throw new CannotRunError(`The container ${nameOf(found)} ${obstacle.because}.`, { nextStep: obstacle.nextStep });
}

/** An id may be the beginning of several. */
function notTold(reference: string, cause: unknown): CannotRunError {
  return new CannotRunError(`The container ${reference} cannot be inspected: ${engineSentence(cause)}`, { cause });
}

async function notFound(dockerode: Dockerode, reference: string, cause: unknown): Promise<CannotRunError> {
  const running = await dockerode.listContainers().catch(() => []);
  const names = nearestFirst(
    reference,
    running.flatMap(({ Names }) => (Names[0] ? [nameOf({ Name: Names[0] })] : [])),
  );
  const meant = nearest(reference, names);
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '';
  return new CannotRunError(`There is no container ${reference} on this engine.`, {
    detail:
      names.length === 0 ? ['No container is running.'] : [`Running: ${names.slice(0, MAX_NAMED).join(', ')}${more}`],
    nextStep: meant === null ? '`docker ps` lists those that run.' : `Did you mean ${meant}?`,
    cause,
  });
}

interface Obstacle {
  /** Continues the sentence that its name begins. */
  readonly because: string;
  readonly nextStep: string;
}

/** What keeps a container from being stopped under load; null where nothing does. */
function obstacleOf(found: Dockerode.ContainerInspectInfo): Obstacle | null {
  const { State: state } = found;
  const name = nameOf(found);
  if (state.Restarting) {
    const because = `is restarting: it exits (last with code ${state.ExitCode}), and its restart policy starts it again`;
    return { because, nextStep: `\`docker logs ${name}\` may say why it exits.` };
  }
  if (state.Paused) return { because: 'is paused', nextStep: `Let it go on first: docker unpause ${name}` };
  if (state.Running) return null;
  const code = state.Status === 'exited' ? ` (exit code ${state.ExitCode})` : '';
  return { because: `does not run: it is ${state.Status}${code}`, nextStep: `Start it first: docker start ${name}` };
}
