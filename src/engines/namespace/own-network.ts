import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CannotRunError } from '../../errors.ts';

const RUN_MS = 5_000;
/** A new network has a loopback device that is switched off. */
const WITH_LOOPBACK = 'ip link set lo up && exec "$@"';

/** The command line that runs another one in a network of its own. It stays one process. */
export function inOwnNetwork(command: readonly string[]): readonly [string, ...string[]] {
  return ['unshare', '--net', '--', 'sh', '-c', WITH_LOOPBACK, 'sh', ...command];
}

/** Whether this process may make a network of its own: as root, with `unshare` and `ip` at hand. Never throws. */
export async function canHaveOwnNetwork(): Promise<boolean> {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  const [program, ...words] = inOwnNetwork(['true']);
  return await promisify(execFile)(program, words, { timeout: RUN_MS }).then(
    () => true,
    () => false,
  );
}

/**
 * The error where it cannot be had.
 * @param said what was printed on the way to it
 */
export function noOwnNetwork(uid: number | undefined, said: string, cause?: unknown): CannotRunError {
  return new CannotRunError(`A network of its own cannot be had: ${reason(uid, said, cause)}.`, {
    detail: said.split('\n').filter((line) => line.trim() !== ''),
    nextStep: "Leave it out, or share this machine's with `--network host`.",
    cause,
  });
}

function reason(uid: number | undefined, said: string, cause: unknown): string {
  if (uid !== 0) return 'only root may make one';
  if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return '`unshare` (util-linux) is not installed';
  if (/\bip: .*not found/.test(said)) return '`ip` (iproute2) is not installed';
  return /^unshare: /m.test(said) ? 'the kernel does not allow it' : 'it could not be set up';
}
