import type { Verdict } from '../result.ts';
import { acceptedExitCodes, isPastItsLimits, UNHEALTHY_SHARE } from '../verdict.ts';
import type { Agreement } from './agreement.ts';
import type { UserRequest } from './judge.ts';
import type { RolloutObservation } from './observation.ts';
import type { ReplacementRecord } from './record.ts';

/** Why a roll-out is not a pass, as the verdict sees it; the words for it are elsewhere. */
export interface RolloutGrounds {
  readonly verdict: Verdict;
  /** Users' requests that failed during it; empty where they do not count. */
  readonly failed: readonly UserRequest[];
  /** Replicas that got SIGKILL because they were late. */
  readonly killed: readonly ReplacementRecord[];
  readonly badExit: readonly ReplacementRecord[];
  /** Requests that failed before it began. */
  readonly failedBefore: readonly UserRequest[];
  readonly before: number;
  readonly unhealthy: boolean;
  /** Replicas that had no request at their T0, and got none after it. */
  readonly idle: readonly ReplacementRecord[];
  readonly harnessLimit: boolean;
  readonly countsDisagree: boolean;
}

/** The verdict follows from what users saw and how the containers ended, and from nothing else. Pure. */
export function decideRollout(
  observation: RolloutObservation,
  users: readonly UserRequest[],
  replacements: readonly ReplacementRecord[],
  agreement: readonly Agreement[],
): RolloutGrounds {
  const isFailed = ({ outcome }: UserRequest): boolean => outcome !== 'completed';
  const before = users.filter(({ phase }) => phase === 'before');
  const failedBefore = before.filter(isFailed);
  const unhealthy = failedBefore.length > before.length * UNHEALTHY_SHARE;
  const failed = unhealthy ? [] : users.filter((one) => one.phase === 'during' && isFailed(one));
  const killed = replacements.filter(({ sigkillFired }) => sigkillFired === true);
  const accepted = acceptedExitCodes(observation);
  const badExit = replacements.filter(({ exitCode }) => exitCode !== null && !accepted.includes(exitCode));
  const idle = replacements.filter(({ inFlightAtT0, givenAfterT0 }) => inFlightAtT0 === 0 && givenAfterT0 === 0);
  const doubts = {
    unhealthy,
    harnessLimit: isPastItsLimits(observation, users.length),
    countsDisagree: agreement.some(({ agrees }) => !agrees),
  };
  const hasFailed = failed.length + killed.length + badExit.length > 0;
  const isUnclear = idle.length > 0 || Object.values(doubts).includes(true);
  const verdict = hasFailed ? 'fail' : isUnclear ? 'inconclusive' : 'pass';
  return { verdict, failed, killed, badExit, failedBefore, before: before.length, idle, ...doubts };
}
