import path from 'node:path';

import { CannotRunError } from '../errors.ts';
import type { Flag } from './flag.ts';
import { DEFAULT_FOLDER, type OutputChoices } from './output-flags.ts';
import { choiceOf, textOf } from './values.ts';

/** What a check is held against, and what of it counts. */
export interface GateChoices {
  /** The file of an earlier result; null: none. */
  readonly baseline: string | null;
  /** Whether this result takes its place. */
  readonly isUpdate: boolean;
  /** null: as by default, which is `fail`. */
  readonly failOn: 'fail' | 'regression' | null;
}

export const NO_GATE: GateChoices = { baseline: null, isUpdate: false, failOn: null };

/** What counts with a baseline. */
const FAIL_ON = ['fail', 'regression'] as const;

/** Flags that hold a check against an earlier one. */
export const GATE_FLAGS: readonly Flag<GateChoices>[] = [
  {
    name: 'baseline',
    value: 'FILE',
    group: 'Gate',
    help: 'Hold it against an earlier result of the same target and plan. More lost, a longer drain or stop, another cause, a new SIGKILL or a worse verdict ends with 1, whatever the verdict is.',
    read: (_, text) => ({ baseline: textOf('--baseline', text, 'a file', 'shutdown-baseline.json') }),
  },
  {
    name: 'update-baseline',
    value: null,
    group: 'Gate',
    help: 'Write this result to the file of --baseline, and say what has changed. The verdict alone decides the exit code then.',
    read: () => ({ isUpdate: true }),
  },
  {
    name: 'fail-on',
    value: 'WHAT',
    choices: FAIL_ON,
    group: 'Gate',
    help: 'With --baseline: fail ends with 1 for a failing verdict and for a regression; regression for a regression alone, so that a failure that the baseline has too does not.',
    fallback: 'fail',
    read: (_, text) => ({ failOn: choiceOf('--fail-on', text, FAIL_ON) }),
  },
];

/**
 * What cannot be had together.
 * @throws CannotRunError for a flag that needs a baseline, and for one that this very check would write over.
 */
export function checkGate({ baseline, isUpdate, failOn }: GateChoices, output: OutputChoices): void {
  if (baseline === null) {
    const idle = isUpdate ? '--update-baseline' : failOn === null ? null : '--fail-on';
    if (idle === null) return;
    throw new CannotRunError(`${idle} needs a baseline, and none is named.`, {
      nextStep: `For example: --baseline shutdown-baseline.json ${idle}${idle === '--fail-on' ? ` ${failOn}` : ''}`,
    });
  }
  const own = ownResult(output);
  if (own === null || path.resolve(own) !== path.resolve(baseline)) return;
  throw new CannotRunError(`--baseline ${baseline} is where this check saves its own result, and would be lost.`, {
    nextStep: `Keep the baseline elsewhere, with the code: cp ${baseline} shutdown-baseline.json`,
  });
}

/** The file that the result of a check goes to. */
function ownResult({ json, folder }: OutputChoices): string | null {
  if (json === '-') return folder === null ? null : path.join(folder, 'result.json');
  return json !== null && folder === null ? json : path.join(folder ?? DEFAULT_FOLDER, 'result.json');
}
