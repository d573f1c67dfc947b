import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import { imageFacts } from '../../image/image-facts.ts';
import type { ContainerPlan, ContainerSource } from '../../plan/plan.ts';
import { signalName } from '../../signals.ts';
import type { AttachedFacts, PreparedImage, Target } from '../engine.ts';
import { endOf } from './attached-end.ts';
import type { DockerConnection } from './connection.ts';
import { engineSentence } from './engine-error.ts';
import { findRunning, nameOf } from './find-running.ts';
import { followLogs } from './logs.ts';
import type { Session } from './session.ts';
import { targetOf } from './target.ts';

/**
 * What a running container says about itself, in the place of its image.
 *
 * @throws CannotRunError where there is none of that name, or it does not run.
 */
export async function imageOfContainer(dockerode: Dockerode, { reference }: ContainerSource): Promise<PreparedImage> {
  const { Image: Id, Config } = await findRunning(dockerode, reference);
  return { reference: Config.Image, ...imageFacts({ Id, Config }) };
}

/**
 * A running container that somebody else started, as a target. Nothing about it is changed but what a stop changes.
 *
 * @throws CannotRunError where there is none of that name, it does not run, or its restart policy would start it again.
 */
export async function attach(
  connection: DockerConnection,
  { reference }: ContainerSource,
  { stopSignal }: Pick<ContainerPlan, 'stopSignal'>,
  session: Pick<Session, 'labels'>,
): Promise<Target> {
  const found = await findRunning(connection.dockerode, reference);
  if (stopSignal !== null) assertStaysStopped(found, stopSignal);
  const target = await targetOf(connection, found, session.labels());
  const container = connection.dockerode.getContainer(found.Id);
  const end = endOf(container, found.State.StartedAt);
  return {
    ...target,
    attached: await factsOf(connection.dockerode, found),
    stopSignal: stopSignal ?? target.stopSignal,
    state: end.state,
    watch: (onEvent) =>
      target.watch((event) => {
        end.take(event);
        onEvent(event);
      }),
    followLogs: (onLine) => followLogs(container, { hasTerminal: found.Config.Tty, from: 'now' }, onLine),
  };
}

/**
 * The engine takes only a container's own stop signal, and SIGKILL, for somebody's wish that it ends (moby, daemon/kill.go);
 * where it has none of its own, any signal.
 */
function assertStaysStopped(found: Dockerode.ContainerInspectInfo, stopSignal: string): void {
  const own = (found.Config as { StopSignal?: string }).StopSignal;
  const policy = found.HostConfig.RestartPolicy?.Name ?? '';
  if (!own || signalName(own) === stopSignal || !/^(always|on-failure)$/.test(policy)) return;
  const name = nameOf(found);
  throw new CannotRunError(
    `Ended by ${stopSignal}, the container ${name} would be started again: its restart policy is ${policy}, and its own stop signal ${own}.`,
    { nextStep: `Leave --stop-signal out, or let it stay down: docker update --restart no ${name}` },
  );
}

async function factsOf(dockerode: Dockerode, found: Dockerode.ContainerInspectInfo): Promise<AttachedFacts> {
  // A log driver may keep what it takes to itself.
  const logs = dockerode.getContainer(found.Id).logs({ stdout: true, tail: 0 });
  return {
    name: nameOf(found),
    image: found.Config.Image,
    startedBy: starterOf(found.Config.Labels ?? {}),
    removedAtEnd: found.HostConfig.AutoRemove === true,
    withoutLogBecause: await logs.then(() => null, engineSentence),
  };
}

function starterOf(labels: Readonly<Record<string, string>>): AttachedFacts['startedBy'] {
  const [project, service] = ['project', 'service'].map((what) => labels[`com.docker.compose.${what}`]);
  if (project !== undefined && service !== undefined) return { kind: 'compose', project, service };
  return 'org.testcontainers' in labels ? { kind: 'testcontainers' } : null;
}
