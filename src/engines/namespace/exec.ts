import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { CommandEnd } from '../engine.ts';
import { lastLinesOf } from '../last-output.ts';
import type { Way } from './chain.ts';
import { fileOf } from './programs.ts';

/** What a command is run beside, and how that was started. */
export interface Beside {
  readonly way: Way;
  /** As we number it. */
  readonly pid1: number;
  /** Absolute path. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** It did not come to the command. */
const NOT_ENTERED = /^nsenter: (?:cannot open|reassociate to namespace)/;

/**
 * Runs a command in the namespaces of another one, and waits for its end. It ends with PID 1 in there.
 *
 * @throws Error where `nsenter` is not there, or PID 1 is gone; the abort's reason, and then it is left to itself.
 */
export async function execBeside(
  { way, pid1, directory, env }: Beside,
  command: readonly string[],
  abort: AbortSignal,
): Promise<CommandEnd> {
  abort.throwIfAborted();
  const namespaces = ['--pid', '--mount', ...(way === 'user' ? ['--user', '--preserve-credentials'] : [])];
  const words = ['--target', String(pid1), ...namespaces, `--wd=${directory}`, '--', ...command];
  const child = spawn(fileOf('nsenter'), words, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = lastLinesOf();
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => output.add(bytes));
  const exitCode = await endOf(child, abort);
  const said = output.text();
  if (exitCode !== 0 && NOT_ENTERED.test(said)) throw new Error(said);
  return { exitCode, output: said };
}

async function endOf(child: ChildProcess, abort: AbortSignal): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const leave = (): void => {
    child.unref();
    child.stdout?.destroy();
    child.stderr?.destroy();
    reject(abort.reason as Error);
  };
  abort.addEventListener('abort', leave, { once: true });
  child.once('error', reject);
  child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  return await promise.finally(() => abort.removeEventListener('abort', leave));
}
