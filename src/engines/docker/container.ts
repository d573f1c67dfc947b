import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import type { Target } from '../engine.ts';
import { isRemote } from './address.ts';
import { signalName } from '../../signals.ts';
import type { DockerConnection } from './connection.ts';
import { createBody, type ContainerOrder } from './create-options.ts';
import { engineSentence, statusOf } from './engine-error.ts';
import { watchEvents } from './events.ts';
import { execIn } from './exec.ts';
import { listeningPorts } from './listening.ts';
import { followLogs } from './logs.ts';
import { processReader } from './processes.ts';
import { addressOf } from './reach.ts';
import { socketReader } from './sockets.ts';
import { readState } from './state.ts';
import { removeContainer } from './sweep.ts';
import { kernelPid1 } from './host-proc.ts';

/**
 * Creates and starts a container.
 *
 * @throws CannotRunError with the engine's own sentence where it cannot; nothing is left behind then.
 */
export async function startContainer(connection: DockerConnection, order: ContainerOrder): Promise<Target> {
  const container = await create(connection, order);
  try {
    await container.start();
    const started = await container.inspect();
    return targetOf(connection, container, started, order, await kernelPid1(started));
  } catch (error) {
    await removeContainer(connection.dockerode, container.id).catch(() => {});
    throw startError(order, error);
  }
}

async function create(connection: DockerConnection, order: ContainerOrder): Promise<Dockerode.Container> {
  // A published port on a remote engine's loopback could not be reached from here.
  const publishOn = isRemote(connection.address) ? '' : '127.0.0.1';
  const { platform } = order.plan;
  const call = { _query: platform === null ? {} : { platform }, _body: createBody(order, publishOn) };
  try {
    // Split by hand: dockerode would put the whole body, secrets in Env included, into the URL as well.
    return await connection.dockerode.createContainer(call as Dockerode.ContainerCreateOptions);
  } catch (error) {
    throw startError(order, error);
  }
}

function startError({ image, plan }: ContainerOrder, cause: unknown): CannotRunError {
  const sentence = engineSentence(cause);
  const nextStep = /network .* not found/i.test(sentence)
    ? '`docker network ls` lists the networks there are.'
    : /executable file not found|no such file or directory|permission denied|no command specified/i.test(sentence)
      ? `Its entrypoint is ${show(plan.entrypoint ?? image.entrypoint)}, its command ${show(plan.command ?? image.command)}.`
      : undefined;
  return new CannotRunError(`The container of ${image.reference} does not start: ${sentence}`, {
    ...(nextStep === undefined ? {} : { nextStep }),
    cause,
  });
}

function show(argv: readonly string[] | null): string {
  return argv === null ? 'empty' : JSON.stringify(argv);
}

function targetOf(
  connection: DockerConnection,
  container: Dockerode.Container,
  started: Dockerode.ContainerInspectInfo,
  { image, labels }: ContainerOrder,
  pid1: number | null,
): Target {
  const { Config: config } = started;
  const processes = processReader(connection.dockerode, container, started, {
    imageId: image.id ?? image.reference,
    labels,
  });
  return {
    id: container.id,
    stopSignal: signalName((config as { StopSignal?: string }).StopSignal || 'SIGTERM') ?? 'SIGTERM',
    entrypoint: listOrNull(config.Entrypoint),
    command: listOrNull(config.Cmd),
    addressOf: (port) => addressOf(connection, container, port),
    state: () => readState(container),
    kernelPid1: pid1,
    processes: () => processes.read(),
    sockets: socketReader(started),
    listeningPorts: () => listeningPorts(container, started),
    watch: (onEvent) => watchEvents(connection, container, onEvent),
    followLogs: (onLine) => followLogs(container, onLine),
    stop: (graceMs) => stop(container, graceMs),
    signal: (name) => send(container, name),
    exec: (command, abort) => execIn(container, command, abort),
    [Symbol.asyncDispose]: async () => {
      try {
        await processes[Symbol.asyncDispose]();
      } finally {
        await removeContainer(connection.dockerode, container.id);
      }
    },
  };
}

/** The engine counts whole seconds. The call takes as long as the stop does, and no timeout may cut it off. */
async function stop(container: Dockerode.Container, graceMs: number): Promise<void> {
  try {
    await container.stop({ t: Math.round(graceMs / 1_000) });
  } catch (error) {
    const hadStopped = statusOf(error) === 304;
    if (!hadStopped) throw error;
  }
}

/** The engine answers 409 where the container does not run (any more), 404 where it is gone. */
async function send(container: Dockerode.Container, name: string): Promise<void> {
  try {
    await container.kill({ signal: name });
  } catch (error) {
    const status = statusOf(error);
    if (status !== 409 && status !== 404) throw error;
  }
}

/** An old image may hold a single string; the engine tells "none" as null, as nothing, or as an empty list. */
function listOrNull(argv: string | string[] | null | undefined): readonly string[] | null {
  if (argv === null || argv === undefined || argv.length === 0) return null;
  return typeof argv === 'string' ? [argv] : argv;
}
