import { spawn } from 'node:child_process';
import { once } from 'node:events';

import type { Engine, Target } from '../engines/engine.ts';
import { lastLinesOf } from '../engines/last-output.ts';
import { splitLines } from '../engines/lines.ts';
import { CannotRunError, messageOf } from '../errors.ts';
import { commonContainer } from '../plan/container.ts';
import type { ContainerPlan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import { filesIn } from './balancer-config.ts';
import { balancerFile, type BalancerPlan, noBalancer } from '../plan/balancer.ts';

/** HAProxy while it runs, as a program of this machine or in a container. */
export interface BalancerProcess {
  /** null where a container has it. */
  readonly pid: number | null;
  /** Calls `onLine` for each line of its log. Whoever calls it last gets them. */
  followLog(onLine: (line: string) => void): void;
  /** Resolves when it has ended, with the last that it wrote. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it at once, and waits for that. */
  kill(): Promise<void>;
}

/** In the foreground, without a master process: it is this one that ends. */
const ARGUMENTS = (folder: string): readonly string[] => ['-db', '-f', filesIn(folder).config];

/**
 * Starts HAProxy on the configuration in the folder.
 * @throws CannotRunError where it cannot be started at all, or its image cannot be had.
 */
export async function startHaproxy(
  plan: BalancerPlan,
  folder: string,
  engine: Engine,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<BalancerProcess> {
  return plan.kind === 'program'
    ? startProgram(plan, folder)
    : await startImage(plan, folder, engine, onProgress, abort);
}

function startProgram(plan: BalancerPlan, folder: string): BalancerProcess {
  const file = balancerFile(plan.reference);
  if (file === null) throw noBalancer(plan);
  const child = spawn(file, ARGUMENTS(folder), {
    // A session of its own: Ctrl-C goes to a terminal's whole foreground group, and we end it ourselves.
    detached: true,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = lastLinesOf();
  child.stderr.on('data', (bytes: Buffer) => output.add(bytes));
  let tell: (line: string) => void = () => {};
  const lines = splitLines((line) => tell(line));
  child.stdout.on('data', (bytes: Buffer) => lines.write(bytes));
  const closed = once(child, 'close');
  return {
    pid: child.pid ?? null,
    followLog: (onLine) => void (tell = onLine),
    ended: closed.then(
      () => output.text(),
      (error: unknown) => messageOf(error),
    ),
    async kill() {
      child.kill('SIGKILL');
      await closed.catch(() => {});
    },
  };
}

async function startImage(
  { reference }: BalancerPlan & { kind: 'image' },
  folder: string,
  engine: Engine,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<BalancerProcess> {
  const source = { kind: 'image', reference, platform: null, pull: 'missing' } as const;
  const image = await engine.prepareImage(source, (text) => onProgress({ kind: 'detail', text }), abort);
  return await processOf(await engine.start(image, containerPlan(folder), []));
}

/** On this machine's network, as we are: it is to read our files and to be asked over a socket of our user's. */
function containerPlan(folder: string): ContainerPlan {
  return {
    ...commonContainer({}),
    user: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
    entrypoint: [],
    command: ['haproxy', ...ARGUMENTS(folder)],
    network: 'host',
    volumes: [`${folder}:${folder}`],
  };
}

async function processOf(target: Target): Promise<BalancerProcess> {
  const output = lastLinesOf();
  let tell: (line: string) => void = () => {};
  const logs = target.followLogs(({ stream, text }) => {
    if (stream === 'stdout') tell(text);
    else output.add(Buffer.from(`${text}\n`));
  });
  const ended = Promise.withResolvers<string>();
  const watching = await target.watch(({ action }) => {
    if (action === 'die') void logs.ended.then(() => ended.resolve(output.text()));
  });
  return {
    pid: null,
    followLog: (onLine) => void (tell = onLine),
    ended: ended.promise,
    async kill() {
      watching[Symbol.dispose]();
      logs[Symbol.dispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

/** What is said where it ended, or never answered; `said` is the last that it wrote. */
export function balancerError(plan: BalancerPlan, what: string, said: string): CannotRunError {
  const nextStep =
    plan.kind === 'image'
      ? "It has to run on this machine's own network: the engine must be on this machine, and the image one of HAProxy."
      : `See what \`${plan.reference} -vv\` says: it has to be HAProxy.`;
  return new CannotRunError(`The balancer ${what}.`, { detail: said === '' ? [] : said.split('\n'), nextStep });
}
