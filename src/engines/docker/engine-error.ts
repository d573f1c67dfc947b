import { messageOf } from '../../errors.ts';

/** The HTTP status of an answer that dockerode turned into an error, or null. */
export function statusOf(thrown: unknown): number | null {
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

/** The engine's own sentence: without dockerode's `(HTTP code 404) no such container - ` before it. */
export function engineSentence(thrown: unknown): string {
  const answer = (thrown as { json?: { message?: unknown } } | null)?.json;
  if (typeof answer?.message === 'string') return answer.message.trim();
  return messageOf(thrown)
    .replace(/^\(HTTP code \d+\) .*? - /, '')
    .trim();
}
