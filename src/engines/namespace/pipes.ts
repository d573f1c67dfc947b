import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CannotRunError, messageOf } from '../../errors.ts';

/** A pipe of the kernel's. */
export interface Pipe {
  readonly reader: Socket;
  /** File descriptor to hand on; `closeWriter` when that is done. */
  readonly writer: number;
  closeWriter(): void;
}

/**
 * Two pipes as a container's output has them. Those that Node makes for a child are sockets, which nothing can open by
 * /dev/stdout or /dev/stderr.
 *
 * @throws CannotRunError where the folder for temporary files takes none.
 */
export async function openPipes(): Promise<readonly [Pipe, Pipe]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-')).catch((cause: unknown) => {
    throw new CannotRunError(`Nothing can be made in ${tmpdir()}: ${messageOf(cause)}`, {
      nextStep: 'Set TMPDIR to a folder that can be written to.',
      cause,
    });
  });
  try {
    const names = [path.join(folder, 'stdout'), path.join(folder, 'stderr')] as const;
    await promisify(execFile)('mkfifo', ['-m', '600', ...names]);
    return [openPipe(names[0]), openPipe(names[1])];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The reader first: a writer without one would wait for it. */
function openPipe(name: string): Pipe {
  const reader = new Socket({
    fd: openSync(name, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  const writer = openSync(name, constants.O_WRONLY);
  return { reader, writer, closeWriter: () => closeSync(writer) };
}
