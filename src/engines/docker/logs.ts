import type { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import type { LogLine, LogStream } from '../engine.ts';
import { splitFrames } from './frames.ts';
import { splitLines, type LineSplitter } from '../lines.ts';

/** Longest line that is kept, in characters. */
const MAX_LINE = 4_096;

/** Log entries at the end that are read again for a line without an end. */
const TAIL = 10;

/** Which output it is, and from when on. */
export interface LogSource {
  /** A terminal has one stream for all, and nothing is put around what is written to it. */
  readonly hasTerminal: boolean;
  readonly from: 'start' | 'now';
}

type Splitters = Readonly<Record<LogLine['stream'], LineSplitter>>;

/**
 * Calls `onLine` for each line that the container has put out since its start, or none of those, then for each as it comes.
 * Does not wait for the engine's answer: Podman gives it only with the first line. Where the engine cannot read what its
 * log driver has taken, there are no lines.
 */
export function followLogs(
  container: Dockerode.Container,
  source: LogSource,
  onLine: (line: LogLine) => void,
): LogStream {
  const tail = source.from === 'start' ? {} : { tail: 0 };
  const opened = container.logs({ follow: true, stdout: true, stderr: true, ...tail }) as unknown as Promise<Readable>;
  const ended = opened.then(
    (stream) => giveOut(container, stream, source, onLine),
    () => {},
  );
  const close = (): void => {
    opened.then(
      (stream) => stream.destroy(),
      () => {},
    );
  };
  return { ended, [Symbol.dispose]: close };
}

async function giveOut(
  container: Dockerode.Container,
  stream: Readable,
  source: LogSource,
  onLine: (line: LogLine) => void,
): Promise<void> {
  const splitters: Splitters = {
    stdout: splitLines((text) => onLine({ stream: 'stdout', text }), MAX_LINE),
    stderr: splitLines((text) => onLine({ stream: 'stderr', text }), MAX_LINE),
  };
  stream.on(
    'data',
    takeApart(source, (from, bytes) => splitters[from].write(bytes)),
  );
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  stream.on('end', () => void finish(container, source, splitters).finally(resolve));
  // The engine cuts the stream when the container is removed.
  stream.on('error', () => resolve());
  await ended;
}

/**
 * Gives out the last lines that have no end. The engine mostly leaves such a line out of what it lets follow (17 of 20
 * on 20.10), and has it when asked again.
 */
async function finish(container: Dockerode.Container, source: LogSource, splitters: Splitters): Promise<void> {
  const rest = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  const feed = takeApart(source, (from, bytes) => {
    const all = Buffer.concat([rest[from], bytes]);
    rest[from] = all.subarray(all.lastIndexOf('\n') + 1);
  });
  // It may have been removed by now.
  feed(await container.logs({ stdout: true, stderr: true, tail: TAIL }).catch(() => Buffer.alloc(0)));
  for (const name of ['stdout', 'stderr'] as const) {
    if (!splitters[name].isMidLine()) splitters[name].write(rest[name]);
    splitters[name].end();
  }
}

function takeApart(
  { hasTerminal }: LogSource,
  onContent: (stream: LogLine['stream'], bytes: Buffer) => void,
): (chunk: Buffer) => void {
  return hasTerminal ? (chunk) => onContent('stdout', chunk) : splitFrames(onContent);
}
