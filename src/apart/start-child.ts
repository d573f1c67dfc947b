import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { inOwnNetwork } from '../engines/namespace/own-network.ts';

/**
 * Starts the child in a network of its own, with a channel to it. What Node was told on our own command line and by
 * NODE_OPTIONS is not for it: `-e` would run that again, and `--inspect-brk` wait for a debugger that cannot reach it.
 */
export function startChild(): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  // `.ts` when run from sources by Node's type stripping, `.js` from dist.
  const child = path.join(path.dirname(self), `child${path.extname(self)}`);
  const [program, ...words] = inOwnNetwork([process.execPath, child]);
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  return spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced', env });
}
