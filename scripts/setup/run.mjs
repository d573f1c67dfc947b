import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** System administration is needed for some of the commands, and npm may not have its folders on the path. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Set-up could not do its part; the message is all that the reader needs. */
export class SetupError extends Error {}

export function say(text) {
  console.log(`set-up: ${text}`);
}

/** The environment without the folder that `npm ci` is about to replace, and with that of the system's own tools. */
export function environment() {
  const ours = path.join(ROOT, 'node_modules', '.bin');
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.resolve(folder) !== ours);
  return { ...process.env, PATH: [...folders, ...SYSTEM_FOLDERS].join(path.delimiter) };
}

/**
 * Runs a command to its end and never throws: `code` is null where it could not be started or took too long.
 * `output` is what it wrote, both streams. With `show` it writes straight to the terminal.
 */
export function attempt(command, args, { show = false, timeoutMs, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...environment(), ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
}

/** The same, but anything except success is a SetupError with the command's last lines. */
export async function run(command, args, options) {
  const { code, output } = await attempt(command, args, options);
  if (code !== 0) throw new SetupError(`\`${[command, ...args].join(' ')}\` failed.\n${lastLines(output)}`);
  return output;
}

export function lastLines(text, count = 15) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
