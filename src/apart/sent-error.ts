import { CannotRunError, messageOf } from '../errors.ts';

/** An error on its way to another process, where classes do not follow. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | null;
  /** What the reader can do about it; null where it is not a `CannotRunError`. */
  readonly advice: Pick<CannotRunError, 'detail' | 'nextStep'> | null;
  readonly cause: SentError | null;
}

/** Any thrown thing, to be sent. */
export function packError(thrown: unknown): SentError {
  const { name = 'Error', stack = null, cause = null } = thrown instanceof Error ? thrown : {};
  return {
    name,
    message: messageOf(thrown),
    stack,
    advice: thrown instanceof CannotRunError ? { detail: thrown.detail, nextStep: thrown.nextStep } : null,
    cause: cause === null ? null : packError(cause),
  };
}

/** The error again: a `CannotRunError` where it was one, else an `Error` of the same name, message and stack. */
export function unpackError(sent: SentError): Error {
  const cause = sent.cause && unpackError(sent.cause);
  const error = sent.advice ? cannotRun(sent.message, sent.advice, cause) : plain(sent, cause);
  if (sent.stack !== null) error.stack = sent.stack;
  return error;
}

function cannotRun(message: string, advice: NonNullable<SentError['advice']>, cause: Error | null): CannotRunError {
  const { detail, nextStep } = advice;
  return new CannotRunError(message, { detail, ...(nextStep !== null && { nextStep }), ...(cause && { cause }) });
}

function plain({ name, message }: SentError, cause: Error | null): Error {
  return Object.assign(new Error(message, cause ? { cause } : undefined), { name });
}
