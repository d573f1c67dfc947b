import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CannotRunError, messageOf } from '../../errors.ts';
import { splitLines } from '../lines.ts';
import { chainFor, type Way } from './chain.ts';
import { openPipes } from './pipes.ts';
import { fileOf } from './programs.ts';

/** What is started, and how. */
export interface CommandOrder {
  readonly way: Way;
  readonly command: readonly string[];
  /** Absolute path. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A command that has been started as PID 1 of a namespace. */
export interface Launched {
  /** As we number it. */
  readonly pid1: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves with its exit code, 128 and the signal's number where it died of one, when everything in there is gone. */
  readonly ended: Promise<number>;
  /** Resolves a moment later, when those who told of it are gone too. */
  readonly leftNothing: Promise<void>;
}

/** Of whatever does not say how it ended: only SIGKILL keeps it from that. */
const KILLED = 137;

/**
 * Starts a command in a namespace of its own.
 *
 * @throws CannotRunError where the namespace cannot be had after all; nothing is left behind then.
 */
export async function launch(order: CommandOrder): Promise<Launched> {
  const { stdout, stderr, child } = await spawnChain(order);
  const leftNothing = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const { pid1, running, ended } = followReport(child);
  try {
    await running;
    return { pid1: await pid1, stdout, stderr, ended, leftNothing };
  } catch (cause) {
    child.kill('SIGKILL');
    stdout.destroy();
    const said = await textOf(stderr);
    const detail = said.length > 0 ? said : [messageOf(cause)];
    throw new CannotRunError('The command could not be started in a PID namespace.', { detail, cause });
  }
}

interface Spawned extends Pick<Launched, 'stdout' | 'stderr'> {
  readonly child: ChildProcess;
}

async function spawnChain({ way, command, directory, env }: CommandOrder): Promise<Spawned> {
  const [out, err] = await openPipes();
  const files = { unshare: fileOf('unshare'), setpriv: fileOf('setpriv'), setsid: fileOf('setsid'), sh: fileOf('sh') };
  const [program = '', ...words] = chainFor(way, files, command, process.pid);
  try {
    const child = spawn(program, words, {
      cwd: directory,
      env,
      // A session of its own: Ctrl-C goes to a terminal's whole foreground group.
      detached: true,
      stdio: ['ignore', out.writer, err.writer, 'pipe'],
    });
    return { stdout: out.reader, stderr: err.reader, child };
  } catch (cause) {
    out.reader.destroy();
    err.reader.destroy();
    throw notTaken(cause);
  } finally {
    out.closeWriter();
    err.closeWriter();
  }
}

/** The kernel did not even try. */
function notTaken(cause: unknown): CannotRunError {
  const isTooLong = (cause as NodeJS.ErrnoException).code === 'E2BIG';
  return new CannotRunError(`The command cannot be started: ${messageOf(cause)}.`, {
    ...(isTooLong && { nextStep: 'Its words and its environment are too long for the kernel: put them into a file.' }),
    cause,
  });
}

interface Report {
  readonly pid1: Promise<number>;
  /** Resolves when it becomes the command; rejects where it does not come to that. */
  readonly running: Promise<void>;
  readonly ended: Promise<number>;
}

/** What the processes on the way to the command tell of it. Whoever ends those ends the command too. */
function followReport(child: ChildProcess): Report {
  const pid1 = Promise.withResolvers<number>();
  const running = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<number>();
  const lines = splitLines((line) => {
    const [word, value] = line.split(' ');
    if (word === 'pid') pid1.resolve(Number(value));
    if (word === 'run') running.resolve();
    if (word === 'exit') ended.resolve(Number(value));
  });
  const report = child.stdio[3] as Readable;
  const over = (error?: Error): void => {
    pid1.promise.catch(() => {});
    const reason = error ?? new Error('it ended on the way there');
    pid1.reject(reason);
    running.reject(reason);
    ended.resolve(KILLED);
  };
  report.on('data', (bytes: Buffer) => lines.write(bytes));
  report.on('close', () => over());
  child.on('error', over);
  return { pid1: pid1.promise, running: running.promise, ended: ended.promise };
}

async function textOf(stream: Readable): Promise<readonly string[]> {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for await (const chunk of stream) splitter.write(chunk as Buffer);
  splitter.end();
  return lines;
}
