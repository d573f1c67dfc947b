import type Dockerode from 'dockerode';
import { imageFacts } from '../../image/image-facts.ts';
import type { ContainerSource, Plan } from '../../plan/plan.ts';
import type { AttachedFacts, PreparedImage, Target } from '../engine.ts';
import { endOf } from './attached-end.ts';
import type { DockerConnection } from './connection.ts';
import { engineSentence } from './engine-error.ts';
import { findRunning, nameOf } from './find-running.ts';
import { followLogs } from './logs.ts';
import type { Session } from './session.ts';
import { assertStaysStopped } from './stays-stopped.ts';
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
  plan: Pick<Plan, 'profile' | 'container'>,
  session: Pick<Session, 'labels'>,
): Promise<Target> {
  const found = await findRunning(connection.dockerode, reference);
  assertStaysStopped(connection, found, plan);
  const target = await targetOf(connection, found, session.labels());
  const container = connection.dockerode.getContainer(found.Id);
  const end = endOf(container, found.State.StartedAt);
  return {
    ...target,
    attached: await factsOf(connection.dockerode, found),
    stopSignal: plan.container.stopSignal ?? target.stopSignal,
    state: end.state,
    watch: (onEvent) =>
      target.watch((event) => {
        end.take(event);
        onEvent(event);
      }),
    followLogs: (onLine) => followLogs(container, { hasTerminal: found.Config.Tty, from: 'now' }, onLine),
  };
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
