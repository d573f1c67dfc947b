import { connect } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { CannotRunError, messageOf } from '../../errors.ts';
import type { EngineAddress } from './address.ts';

const HOW_TO_START = [
  'Start one: `sudo systemctl start docker` (Linux), Docker Desktop, or `colima start`;',
  'or set DOCKER_HOST to the address of a running one, such as unix:///path/to/docker.sock.',
].join('\n');

const HOW_TO_BE_LET_IN = "Add yourself to the socket's group (`sudo usermod -aG docker $USER`, then log in again).";

/** How to do without an engine, as far as the caller knows: lines that go last; empty where there is no such way. */
export type Instead = () => Promise<string>;

/** The engine that the user named does not answer. Another one is never taken in its place. */
export async function namedEngineError(
  address: EngineAddress,
  cause: unknown,
  instead: Instead,
): Promise<CannotRunError> {
  return new CannotRunError(`No engine answers at ${address.dockerHost} (${address.namedBy}): ${messageOf(cause)}`, {
    nextStep: await withLast(HOW_TO_START, instead),
    cause,
  });
}

/** No engine answers at any of the usual places; says which were tried and how each failed. */
export async function noEngineError(cause: unknown, instead: Instead): Promise<CannotRunError> {
  const tried = await Promise.all(usualSockets().map(async (socket) => [socket, await whyNot(socket)] as const));
  const denied = tried.some(([, why]) => why === 'permission denied');
  return new CannotRunError('No Docker or Podman engine answers.', {
    detail: tried.map(([socket, why]) => `tried ${address(socket)}: ${why}`),
    nextStep: await withLast(denied ? `${HOW_TO_BE_LET_IN}\n${HOW_TO_START}` : HOW_TO_START, instead),
    cause,
  });
}

async function withLast(lines: string, instead: Instead): Promise<string> {
  const last = await instead();
  return last === '' ? lines : `${lines}\n${last}`;
}

/** The places where testcontainers looks (its strategies, version 12), in its order. */
function usualSockets(): string[] {
  if (process.platform === 'win32') return ['//./pipe/docker_engine'];
  const runtimeFolder = process.env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtimeFolder ? [path.join(runtimeFolder, 'docker.sock')] : []),
    path.join(homedir(), '.docker', 'run', 'docker.sock'),
    path.join(homedir(), '.docker', 'desktop', 'docker.sock'),
    // By number alone: in a container the user may have no name, and asking for one throws.
    `/run/user/${process.getuid?.() ?? 0}/docker.sock`,
  ];
}

function address(socket: string): string {
  return process.platform === 'win32' ? `npipe:${socket}` : `unix://${socket}`;
}

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'no such socket',
  EACCES: 'permission denied',
  ECONNREFUSED: 'nothing listens there',
};

function whyNot(socket: string): Promise<string> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve('something answers, but not as an engine does');
    });
    connection.once('error', (error: NodeJS.ErrnoException) => resolve(WORDS[error.code ?? ''] ?? error.message));
  });
}
