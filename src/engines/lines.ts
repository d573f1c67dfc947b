import { StringDecoder } from 'node:string_decoder';

/** Bytes in, whole lines out. A character or a line may be spread over any number of chunks. */
export interface LineSplitter {
  write(bytes: Uint8Array): void;
  /** Whether a line has begun and not ended. */
  isMidLine(): boolean;
  /** Gives out what is left without a line end. */
  end(): void;
}

/**
 * Splits a byte stream into lines without their line ends. Characters of a line beyond `maxLength` are dropped and
 * `…` stands in for them: a target that never ends its line must not fill our memory.
 */
export function splitLines(onLine: (line: string) => void, maxLength = Number.POSITIVE_INFINITY): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let pending = '';
  const emit = (): void => {
    const line = pending.endsWith('\r') ? pending.slice(0, -1) : pending;
    pending = '';
    onLine(line.length > maxLength ? `${line.slice(0, maxLength)}…` : line);
  };
  const take = (text: string): void => {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      pending += text.slice(from, end);
      emit();
      from = end + 1;
    }
    pending += text.slice(from);
    // One more than is shown, so that emit() still sees that something was cut.
    if (pending.length > maxLength + 1) pending = pending.slice(0, maxLength + 1);
  };
  return {
    write: (bytes) => take(decoder.write(bytes)),
    isMidLine: () => pending !== '',
    end: () => {
      take(decoder.end());
      if (pending !== '') emit();
    },
  };
}
