import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, type EngineAddress } from './address.ts';

/** A process that outlives this one and removes its containers, unless it is told that there is nothing to remove. */
export interface Watcher {
  /** Tells it of a child process: `child PID`, and when that has ended `ended PID`. */
  tell(line: string): void;
  /** Tells it that all is clean; it exits. */
  done(): Promise<void>;
}

/** Starts the watcher of a session. It dies with its last line of input, not with us, and never keeps us alive. */
export function startWatcher(address: EngineAddress, runId: string): Watcher {
  const self = fileURLToPath(import.meta.url);
  // `.ts` when run from sources by Node's type stripping, `.js` from dist.
  const program = path.join(path.dirname(self), `watcher${path.extname(self)}`);
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  const child = spawn(process.execPath, [program, runId], {
    // A session of its own: Ctrl-C goes to a terminal's whole foreground group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: path.parse(self).root,
    env: { ...env, ...environmentOf(address) },
    windowsHide: true,
  });
  // Without a watcher the next start's sweep still cleans up; a run must not fail for it.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return {
    tell: (line) => void child.stdin.write(`${line}\n`),
    done: () => new Promise((resolve) => child.stdin.end('done\n', () => resolve())),
  };
}
