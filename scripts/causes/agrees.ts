import type { CauseCode } from '../../src/diagnosis/finding.ts';
import type { KernelWord } from './kernel-word.ts';

type Check = (word: KernelWord) => boolean;

const isUnhandled = (taking: string): boolean => taking === 'ignored' || taking === 'default';
const neverReached: Check = ({ below }) => below.every((taking) => taking === 'never');
const reached: Check = ({ below }) => below.some((taking) => taking !== 'never');

/** What the kernel must have seen for a cause to be true. What it cannot see (connections, requests) is not asked. */
const MUST_HOLD: Readonly<Record<CauseCode, Check>> = {
  OOM_KILLED: ({ isKilledByKernel }) => isKilledByKernel,
  LOST_AT_STARTUP: (word) => isUnhandled(word.pid1) && word.isEscalated,
  SHELL_IS_PID1: (word) => word.isEscalated && neverReached(word),
  SIGNAL_NOT_FORWARDED: (word) => (word.isEscalated && neverReached(word)) || word.isTornDown,
  NAMESPACE_TEARDOWN: (word) => word.isTornDown && !word.isEscalated,
  PID1_NO_HANDLER: (word) => isUnhandled(word.pid1) && word.isEscalated,
  DEFAULT_ACTION_DEATH: (word) => !word.isEscalated && reached(word),
  WRONG_STOP_SIGNAL: (word) => word.pid1 === 'handler' && !word.isEscalated,
  STUCK_ON_CONNECTIONS: (word) => word.isEscalated && reached(word) && word.below.includes('handler'),
  PRESTOP_EXHAUSTED_GRACE: (word) => word.isEscalated && reached(word) && word.below.includes('handler'),
  HANDLER_EXCEEDS_GRACE: (word) => word.isEscalated && reached(word) && word.below.includes('handler'),
  ABRUPT_EXIT: (word) => !word.isEscalated && word.below.includes('handler'),
  CAUSE_UNCLEAR: () => true,
};

/** Whether a cause, or its absence where nothing was forced, is what the kernel saw. */
export function agrees(cause: CauseCode | null, word: KernelWord): boolean {
  return cause === null ? !word.isEscalated : MUST_HOLD[cause](word);
}
