import { spawn } from 'node:child_process';

/**
 * What is done when the other end of its standard input closes without a line before: ends the process, where there is
 * one, and removes the folder. Ctrl-C and a closing terminal are for the program that it guards.
 */
const GUARD = `trap '' INT TERM HUP
read -r line && exit
[ -z "$2" ] || kill -KILL "$2"
rm -rf -- "$1"`;

/**
 * Should this program be killed without a chance to clean up, a process that outlives it ends that child and removes the
 * folder. Its disposal dismisses it: both are gone then.
 */
export function guard(folder: string, pid: number | null): Disposable {
  const shell = spawn('/bin/sh', ['-c', GUARD, 'sh', folder, String(pid ?? '')], {
    // A session of its own: Ctrl-C goes to a terminal's whole foreground group.
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without it a killed run leaves something behind; no run must fail for that.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return { [Symbol.dispose]: () => void shell.stdin.end('gone\n') };
}
