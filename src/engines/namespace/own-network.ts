import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const RUN_MS = 5_000;
/** A new network has a loopback device that is switched off. */
export const WITH_LOOPBACK = 'ip link set lo up && exec "$@"';

/** Whether this process may make a network of its own: as root, with `unshare` and `ip` at hand. Never throws. */
export async function canHaveOwnNetwork(): Promise<boolean> {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  const tried = promisify(execFile)('unshare', ['--net', '--', 'sh', '-c', WITH_LOOPBACK, 'sh', 'true'], {
    timeout: RUN_MS,
  });
  return await tried.then(
    () => true,
    () => false,
  );
}
