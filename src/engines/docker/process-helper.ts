import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ProcessFacts } from '../engine.ts';
import { engineSentence } from './engine-error.ts';
import { splitFrames } from './frames.ts';
import { BESIDE_LABEL } from './owner-label.ts';
import { processFrom } from '../proc/status.ts';
import { removeContainer } from './sweep.ts';

/** A shell that sees a process or two answers in a few milliseconds. */
const ANSWER_MS = 2_000;

/**
 * Answers each mark that it reads, a line each, with all processes it sees. Only the shell's own commands are used, but for `cat`: no
 * shell can read the NULs of a command line. Where the image has no `cat`, the names of the processes have to do.
 */
const SCRIPT = `while read -r mark; do
  case $mark in mark-*) ;; *) continue ;; esac
  printf '%s self %s\\n' "$mark" "$$"
  for folder in /proc/[0-9]*; do
    printf '%s process\\n' "$mark"
    while read -r key value; do
      case $key in Name: | State: | Pid: | PPid: | Sig*) printf '%s %s\\n' "$key" "$value" ;; esac
    done < "$folder/status"
    echo
    cat "$folder/cmdline"
  done 2> /dev/null
  printf '%s end\\n' "$mark"
done`;

/** What a helper is made from: the target's own image, which is there and needs no other to be had. */
export interface HelperOrder {
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A container in the target's PID namespace. It ends with the target's PID 1, and is removed on disposal. */
export interface ProcessHelper extends AsyncDisposable {
  /** The processes, by the namespace's own numbers, without its own; null where it gives no answer. Never throws. */
  read(): Promise<readonly ProcessFacts[] | null>;
}

/**
 * Starts a helper beside a running container. It runs as long as the target does and answers when asked: one start, no
 * timer, and nothing of it at work in the target's namespace in between.
 *
 * @throws Error with the engine's sentence where it does not start, such as for an image without a shell; nothing is left
 *   behind then.
 */
export async function startProcessHelper(
  dockerode: Dockerode,
  containerId: string,
  order: HelperOrder,
): Promise<ProcessHelper> {
  const call = { _query: {}, _body: helperBody(containerId, order) };
  const container = await dockerode.createContainer(call as Dockerode.ContainerCreateOptions).catch(rethrow);
  const remove = (): Promise<void> => removeContainer(dockerode, container.id);
  try {
    const stream = (await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      hijack: true,
    })) as unknown as Duplex;
    const ask = asker(stream);
    await container.start();
    return {
      read: () => ask(),
      [Symbol.asyncDispose]: async () => {
        await remove();
        stream.destroy();
      },
    };
  } catch (error) {
    await remove().catch(() => {});
    return rethrow(error);
  }
}

function rethrow(error: unknown): never {
  throw new Error(engineSentence(error), { cause: error });
}

function helperBody(containerId: string, { imageId, labels }: HelperOrder): Dockerode.ContainerCreateOptions {
  return {
    Image: imageId,
    Labels: { ...labels, [BESIDE_LABEL]: containerId },
    Entrypoint: ['sh', '-c', SCRIPT],
    Cmd: [],
    Healthcheck: { Test: ['NONE'] },
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    HostConfig: {
      PidMode: `container:${containerId}`,
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

/** Asks through the helper's input and takes its output apart, one question after the other. */
function asker(stream: Duplex): () => Promise<readonly ProcessFacts[] | null> {
  let answer = '';
  let onData = (): void => {};
  stream.on(
    'data',
    splitFrames((from, bytes) => {
      // Its own characters are ASCII; those of command lines are put together again when the answer is whole.
      if (from === 'stdout') answer += bytes.toString('latin1');
      onData();
    }),
  );
  stream.on('error', () => {});
  const ask = async (): Promise<readonly ProcessFacts[] | null> => {
    const mark = `mark-${randomUUID()}`;
    const { promise: isWhole, resolve } = Promise.withResolvers<boolean>();
    answer = '';
    onData = () => {
      if (answer.includes(`${mark} end\n`)) resolve(true);
    };
    const giveUp = (): void => resolve(false);
    const timer = setTimeout(giveUp, ANSWER_MS);
    stream.once('close', giveUp);
    // Podman passes on what came with the call to attach as input: it may end on a line of its own.
    if (stream.writable) stream.write(`\n${mark}\n`);
    else giveUp();
    const whole = await isWhole;
    clearTimeout(timer);
    stream.off('close', giveUp);
    return whole ? processesOf(Buffer.from(answer, 'latin1').toString('utf8'), mark) : null;
  };
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(ask);
    last = next;
    return next;
  };
}

/** The helper's answer as processes, without the helper and what it started. */
export function processesOf(answer: string, mark: string): readonly ProcessFacts[] {
  const [, self = '', ...parts] = answer.split(`${mark} `);
  const helperPid = Number(/^self (\d+)/.exec(self)?.[1]);
  return parts.flatMap((part) => {
    const [, status = '', cmdline = ''] = /^process\n([^]*?)\n\n([^]*)$/.exec(part) ?? [];
    const process = processFrom(status, cmdline, 1);
    return process && process.pid !== helperPid && process.ppid !== helperPid ? [process] : [];
  });
}
