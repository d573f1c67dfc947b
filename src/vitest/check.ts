import { CannotRunError, messageOf } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { errorText } from '../report/error-text.ts';
import type { Checked } from '../run.ts';
import { type CheckOptions, understand } from './subject.ts';
import { type TestTask, withinTest } from './time-limit.ts';

/** Started containers that were checked: by then they are stopped. */
const checkedBefore = new WeakSet<object>();

/**
 * Checks what a test names, within the time of the test; what was checked already is given back.
 * @throws Error with everything that the reader needs in its message: a test runner shows no more.
 */
export async function checkInTest(
  subject: unknown,
  options: CheckOptions | undefined,
  task: TestTask | undefined,
): Promise<Checked> {
  try {
    const understood = understand(subject, options);
    if (understood.kind === 'done') return understood.checked;
    let stage = `preparing ${understood.name}`;
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'stage') stage = progress.text;
    };
    // Loaded only now: a suite that only names it should not pay for it.
    const { run } = await import('../run.ts');
    const work = (signal: AbortSignal): Promise<Checked> => run(understood.options, { signal, onProgress });
    const checked = await withinTest(task, () => stage, work);
    if (typeof subject === 'object' && subject !== null) checkedBefore.add(subject);
    return whole(checked);
  } catch (error) {
    const message = `${wordsOf(error)}${hintFor(subject)}`;
    // vitest shows a cause as well, and says everything twice; the stack in it is worth that where it is a bug of ours.
    throw error instanceof CannotRunError ? new Error(message) : new Error(message, { cause: error });
  }
}

function hintFor(subject: unknown): string {
  if (typeof subject !== 'object' || subject === null || !checkedBefore.has(subject)) return '';
  return '\nFor several matchers, check it once: const checked = await checkShutdown(container)';
}

/** Of several services each was asked for. */
function whole(checked: Checked): Checked {
  const missing = checked.notChecked.find(({ error }) => error !== null);
  if (missing?.error) throw missing.error;
  return checked;
}

function wordsOf(error: unknown): string {
  return error instanceof CannotRunError ? errorText(error).trimEnd() : messageOf(error);
}
