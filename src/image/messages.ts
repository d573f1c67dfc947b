import type { Readable } from 'node:stream';
import { splitLines } from '../engines/lines.ts';

/** A message of the engine about a build or a pull. */
export interface BuilderMessage {
  /** Build: output as it comes, with line ends. */
  readonly stream?: string;
  /** Pull: what happens to `id`. */
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
}

/**
 * Reads the messages of a build or a pull to their end. The engine has answered 200 long before it fails: the error is
 * one of them.
 *
 * @returns the error's sentence, or null where all went well
 */
export async function readMessages(
  stream: Readable,
  onMessage: (message: BuilderMessage) => void,
): Promise<string | null> {
  let error: string | null = null;
  const lines = splitLines((line) => {
    if (line.trim() === '') return;
    const message = JSON.parse(line) as BuilderMessage;
    error ??= message.error ?? null;
    onMessage(message);
  });
  for await (const chunk of stream) lines.write(chunk as Buffer);
  lines.end();
  return error;
}
