import type Dockerode from 'dockerode';
import type { Target } from '../engine.ts';
import { signalName } from '../../signals.ts';
import type { DockerConnection } from './connection.ts';
import { statusOf } from './engine-error.ts';
import { watchEvents } from './events.ts';
import { execIn } from './exec.ts';
import { kernelPid1 } from './host-proc.ts';
import { listeningPorts } from './listening.ts';
import { followLogs } from './logs.ts';
import { processReader } from './processes.ts';
import { addressOf } from './reach.ts';
import { signalsTo } from './sent-signals.ts';
import { socketReader } from './sockets.ts';
import { readState } from './state.ts';

/**
 * A running container as a target. Its disposal takes away what was started beside it, and leaves it as it is.
 *
 * @param labels of what has to be started beside it
 */
export async function targetOf(
  connection: DockerConnection,
  started: Dockerode.ContainerInspectInfo,
  labels: Readonly<Record<string, string>>,
): Promise<Target> {
  const { Config: config, Image: imageId } = started;
  const container = connection.dockerode.getContainer(started.Id);
  const processes = processReader(connection.dockerode, container, started, { imageId, labels });
  const signals = signalsTo(container);
  return {
    id: container.id,
    attached: null,
    stopSignal: signalName((config as { StopSignal?: string }).StopSignal || 'SIGTERM') ?? 'SIGTERM',
    entrypoint: listOrNull(config.Entrypoint),
    command: listOrNull(config.Cmd),
    addressOf: (port) => addressOf(connection, container, port),
    state: () => readState(container),
    kernelPid1: await kernelPid1(started),
    processes: () => processes.read(),
    sockets: socketReader(started),
    listeningPorts: () => listeningPorts(container, started),
    watch: (onEvent) => watchEvents(connection, container, signals.naming(onEvent)),
    followLogs: (onLine) => followLogs(container, { hasTerminal: config.Tty, from: 'start' }, onLine),
    stop: (graceMs) => stop(container, graceMs),
    signal: (name) => signals.send(name),
    exec: (command, abort) => execIn(container, command, abort),
    [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
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

/** An old image may hold a single string; the engine tells "none" as null, as nothing, or as an empty list. */
function listOrNull(argv: string | string[] | null | undefined): readonly string[] | null {
  if (argv === null || argv === undefined || argv.length === 0) return null;
  return typeof argv === 'string' ? [argv] : argv;
}
