/** So much of what a command wrote is kept: enough for the error that it ended with. */
const KEPT_BYTES = 2_000;

/** Keeps the end of an output. */
export function lastLinesOf(): { add(bytes: Buffer): void; text(): string } {
  let kept = Buffer.alloc(0);
  return {
    add(bytes) {
      kept = Buffer.concat([kept, bytes]).subarray(-KEPT_BYTES);
    },
    text: () => kept.toString('utf8').trim(),
  };
}
