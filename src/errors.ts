/**
 * The program could not do its part: bad usage, no engine, a build that fails, a container that never gets ready.
 * What the target does wrong is data and never thrown. The command line prints `message`, then `detail`, then
 * `nextStep`, without a stack, and ends with exit code 2.
 */
export class CannotRunError extends Error {
  override readonly name = 'CannotRunError';
  /** What the reader can do about it, one sentence or a few lines. */
  readonly nextStep: string | null;
  /** Evidence worth showing under the message, such as the last log lines. */
  readonly detail: readonly string[];

  constructor(
    message: string,
    more: { readonly nextStep?: string; readonly detail?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.nextStep = more.nextStep ?? null;
    this.detail = more.detail ?? [];
  }
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
