import { spawn } from 'node:child_process';

/**
 * Runs a program to its end, unheard, and gives its exit code. An abort asks it to end, and waits until it has: it may
 * have something to clean up.
 *
 * @throws the abort's reason; Error where the program cannot be started
 */
export async function finish(command: string, args: readonly string[], abort?: AbortSignal): Promise<number | null> {
  abort?.throwIfAborted();
  const child = spawn(command, args, { stdio: 'ignore' });
  const end = (): void => void child.kill('SIGTERM');
  abort?.addEventListener('abort', end, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
  } finally {
    abort?.removeEventListener('abort', end);
    abort?.throwIfAborted();
  }
}
