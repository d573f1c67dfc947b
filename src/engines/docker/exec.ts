import type { Duplex } from 'node:stream';
import type Dockerode from 'dockerode';
import { lastLinesOf } from '../last-output.ts';
import type { CommandEnd } from '../engine.ts';
import { engineSentence, statusOf } from './engine-error.ts';
import { splitFrames } from './frames.ts';

/** What shells say for a program that is not there, and for one that may not be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;

/**
 * Runs a command in a container and waits for its end. Nothing ends it but the container's end.
 *
 * @throws Error with the engine's sentence where the container is gone, or the engine does not answer.
 */
export async function execIn(
  container: Dockerode.Container,
  command: readonly string[],
  abort: AbortSignal,
): Promise<CommandEnd> {
  const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
  try {
    const stream = await exec.start({ hijack: true, stdin: false });
    const output = await outputOf(stream, abort);
    abort.throwIfAborted();
    const { ExitCode: exitCode } = await exec.inspect();
    return { exitCode: exitCode ?? NOT_RUN, output };
  } catch (error) {
    abort.throwIfAborted();
    // The engine answers 400 where the runtime could not start it; newer ones tell it as its output.
    if (statusOf(error) !== 400) throw new Error(engineSentence(error), { cause: error });
    const sentence = engineSentence(error);
    return { exitCode: /not found|no such file/i.test(sentence) ? NOT_FOUND : NOT_RUN, output: sentence };
  }
}

/** Everything that it writes, to the end; what is open at the abort is left. */
async function outputOf(stream: Duplex, abort: AbortSignal): Promise<string> {
  const output = lastLinesOf();
  const leave = (): void => void stream.destroy();
  abort.addEventListener('abort', leave, { once: true });
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
