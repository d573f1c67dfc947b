import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, copyFile, cp, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Order } from './namespace-program.ts';

export const isRoot = process.geteuid?.() === 0;
export const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = 'test/engine/namespace-program.ts';
const FILES = ['src', 'package.json', PROGRAM, 'test/plain-container.ts'];

/** What `namespace-program.ts` needs, where every user may read it. */
export interface Copy extends AsyncDisposable {
  readonly folder: string;
  /** Starts it, through `before` where that is not empty. */
  start(orders: readonly Order[], before: readonly string[]): ChildProcess;
  /** What it printed. */
  run<T>(orders: readonly Order[], before: readonly string[]): Promise<T>;
  /** What it printed without any orders, where the words before it lead to another Node. It may fail. */
  runIn<T>(before: readonly string[]): Promise<T>;
}

export async function makeCopy(): Promise<Copy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  const program = path.join(folder, PROGRAM);
  const node = path.join(folder, 'node');
  await chmod(folder, 0o755);
  await mkdir(path.dirname(program), { recursive: true });
  await Promise.all([
    ...FILES.map((name) => cp(path.join(CHECKOUT, name), path.join(folder, name), { recursive: true })),
    link(process.execPath, node).catch(() => copyFile(process.execPath, node)),
  ]);
  const wordsFor = (orders: readonly Order[], before: readonly string[]): [string, ...string[]] => {
    const [first, ...rest] = [...before, node, program, JSON.stringify(orders)];
    return [first, ...rest];
  };
  return {
    folder,
    start(orders, before) {
      const [first, ...rest] = wordsFor(orders, before);
      return spawn(first, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    },
    async run<T>(orders: readonly Order[], before: readonly string[]) {
      const [first, ...rest] = wordsFor(orders, before);
      return JSON.parse((await promisify(execFile)(first, rest)).stdout) as T;
    },
    async runIn<T>([first = '', ...rest]: readonly string[]) {
      const ran = promisify(execFile)(first, [...rest, 'node', program]);
      const { stdout } = await ran.catch((error: unknown) => error as { readonly stdout: string });
      return JSON.parse(stdout) as T;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
