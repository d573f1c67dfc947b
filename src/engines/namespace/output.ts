import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { LogLine, LogStream } from '../engine.ts';
import { splitLines } from '../lines.ts';

/** Longest line that is kept, in characters. */
const MAX_LINE = 4_096;
/** So many of the newest lines are there for whoever follows later, at least. */
const MAX_KEPT = 5_000;

/** What a command has put out, line by line. Read all the time, whether anybody follows or not: a full pipe would stop it. */
export interface Output {
  follow(onLine: (line: LogLine) => void): LogStream;
}

export function readOutput(streams: Readonly<Record<LogLine['stream'], Readable>>): Output {
  const kept: LogLine[] = [];
  const followers = new Set<(line: LogLine) => void>();
  const add = (line: LogLine): void => {
    kept.push(line);
    if (kept.length > 2 * MAX_KEPT) kept.splice(0, MAX_KEPT);
    for (const follower of followers) follower(line);
  };
  const ended = Promise.all([
    readLines(streams.stdout, (text) => add({ stream: 'stdout', text })),
    readLines(streams.stderr, (text) => add({ stream: 'stderr', text })),
  ]).then(() => {});
  return {
    follow(onLine) {
      for (const line of kept) onLine(line);
      followers.add(onLine);
      return { ended, [Symbol.dispose]: () => void followers.delete(onLine) };
    },
  };
}

/** Resolves when the last line has been given out. Never rejects. */
async function readLines(stream: Readable, onLine: (text: string) => void): Promise<void> {
  const splitter = splitLines(onLine, MAX_LINE);
  stream.on('data', (bytes: Buffer) => splitter.write(bytes));
  await finished(stream, { writable: false }).catch(() => {});
  splitter.end();
}
