import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { noOwnNetwork } from '../engines/namespace/own-network.ts';
import { CannotRunError } from '../errors.ts';
import { addRows } from '../load/ledger-rows.ts';
import { Ledger } from '../load/ledger.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnProgress } from '../progress.ts';
import type { RunRecord } from '../result.ts';
import type { Run, RunHooks } from '../run.ts';
import type { FromChild, ToChild } from './messages.ts';
import { unpackError } from './sent-error.ts';
import { startChild } from './start-child.ts';

/** Whether a plan wants a network of its own. */
export function wantsOwnNetwork({ image, container }: Plan): boolean {
  return image.kind === 'command' && container.network === 'own';
}

/**
 * Runs a plan in a process of its own, which has a network of its own: from anywhere else its target could not be
 * reached. An abort is handed on; the promise rejects with its reason when the child has cleaned up and ended.
 *
 * @throws CannotRunError where such a network cannot be had, or where the child was killed.
 */
export async function runApart(plan: Plan, { onProgress = () => {}, signal }: RunHooks): Promise<Run> {
  signal?.throwIfAborted();
  const uid = process.geteuid?.();
  if (uid !== 0) throw noOwnNetwork(uid, '');
  const broken = new AbortController();
  const abort = signal ? AbortSignal.any([signal, broken.signal]) : broken.signal;
  const child = startChild();
  // One that is not there any more hears nothing; its end is the answer.
  const tell = (message: ToChild): void => void child.send(message, () => {});
  const onAbort = (): void => tell({ kind: 'abort' });
  abort.addEventListener('abort', onAbort);
  try {
    tell({ kind: 'run', plan, nodeOptions: process.env['NODE_OPTIONS'] ?? null });
    return await answerOf(child, safely(onProgress, broken));
  } catch (error) {
    throw abort.aborted ? abort.reason : error;
  } finally {
    abort.removeEventListener('abort', onAbort);
  }
}

/** What a hook throws must end the run, not the program that listens to the child. */
function safely(onProgress: OnProgress, broken: AbortController): OnProgress {
  return (progress) => {
    try {
      onProgress(progress);
    } catch (error) {
      broken.abort(error);
    }
  };
}

/** What the child answers, when it has ended. */
async function answerOf(child: ChildProcess, onProgress: OnProgress): Promise<Run> {
  const ledger = new Ledger();
  const heard: { isThere: boolean; record: RunRecord | null; error: Error | null } = {
    isThere: false,
    record: null,
    error: null,
  };
  child.on('message', (message: FromChild) => {
    if (message.kind === 'started') heard.isThere = true;
    else if (message.kind === 'progress') onProgress(message.progress);
    else if (message.kind === 'rows') addRows(ledger, message.rows);
    else if (message.kind === 'done') heard.record = message.record;
    else heard.error = unpackError(message.error);
  });
  const said = child.stderr ? text(child.stderr) : '';
  const [code, signal] = await ended(child);
  if (heard.error !== null) throw heard.error;
  if (heard.record !== null) return { record: heard.record, ledger };
  throw heard.isThere ? endedEarly(signal ?? `exit code ${code}`, await said) : noOwnNetwork(0, await said);
}

/** Its exit code or signal, when all that it told has been heard. */
async function ended(child: ChildProcess): Promise<readonly [number | null, NodeJS.Signals | null]> {
  try {
    return (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  } catch (cause) {
    throw noOwnNetwork(0, '', cause);
  }
}

function endedEarly(how: string, said: string): CannotRunError {
  return new CannotRunError(`The process that ran the check in a network of its own ended early: ${how}.`, {
    detail: said.split('\n').filter((line) => line.trim() !== ''),
    nextStep: 'Run it again. `--network host` needs no such process.',
  });
}
