import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { lastLinesOf } from '../last-output.ts';
import type { CommandEnd } from '../engine.ts';
import { engineSentence, statusOf } from './engine-error.ts';
import { splitFrames } from './frames.ts';

/** What shells say for a program that is not there, and for one that may not be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
const KILLED = 137;
/** Where the runtime could not start it: Docker up to 20.10 ends it with 126 whatever the reason is. */
const NOT_STARTED = /^OCI runtime exec failed/;

/**
 * Runs a command in a container and waits for its end. Nothing ends it but the container's end.
 *
 * @throws Error with the engine's sentence where the container is gone, or the engine does not answer; the abort's reason,
 *   and then it is left to itself.
 */
export async function execIn(
  container: Dockerode.Container,
  command: readonly string[],
  abort: AbortSignal,
): Promise<CommandEnd> {
  try {
    abort.throwIfAborted();
    const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({ hijack: true, stdin: false });
    const output = await outputOf(stream, abort);
    abort.throwIfAborted();
    const exitCode = await exitCodeOf(exec);
    return exitCode === NOT_RUN && NOT_STARTED.test(output) ? notStarted(output) : endWith(exitCode, output);
  } catch (error) {
    abort.throwIfAborted();
    // The engine answers 400 where the runtime could not start it; others tell it as its output.
    if (statusOf(error) !== 400) throw new Error(engineSentence(error), { cause: error });
    return notStarted(engineSentence(error));
  }
}

/** A container that the engine removes at its end takes with it what is known of the commands that ended with it. */
async function exitCodeOf(exec: Dockerode.Exec): Promise<number | null> {
  return await exec.inspect().then(
    ({ ExitCode }) => ExitCode,
    (error: unknown) => {
      if (statusOf(error) === 404) return KILLED;
      throw error;
    },
  );
}

function endWith(exitCode: number | null, output: string): CommandEnd {
  return { exitCode: exitCode ?? NOT_RUN, output };
}

function notStarted(sentence: string): CommandEnd {
  return endWith(/not found|no such file/i.test(sentence) ? NOT_FOUND : NOT_RUN, sentence);
}

/** Everything that it writes, to the end; what is open at the abort is left. */
async function outputOf(stream: Duplex, abort: AbortSignal): Promise<string> {
  const output = lastLinesOf();
  const leave = (): void => void stream.destroy();
  abort.addEventListener('abort', leave, { once: true });
  if (abort.aborted) leave();
  await new Promise<void>((resolve) => {
    stream.on(
      'data',
      splitFrames((_, bytes) => output.add(bytes)),
    );
    stream.once('close', resolve);
    stream.once('end', resolve);
    stream.once('error', () => resolve());
  });
  abort.removeEventListener('abort', leave);
  return output.text();
}
