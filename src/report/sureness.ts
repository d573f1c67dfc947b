import { targetNoun } from '../plan/terms.ts';
import type { RunRecord } from '../result.ts';
import { plural } from './text.ts';

/** How sure it is what was lost, who sent which signal, and whether SIGKILL fired: a sentence each. */
export function surenessOf(run: RunRecord): readonly string[] {
  const { plan, termination, requests, jobs, findings } = run;
  const isUnclear = findings.some(({ code }) => code === 'CAUSE_UNCLEAR');
  const lostOf = jobs !== null ? 'jobs' : requests.sent > 0 ? 'requests' : null;
  const kill = termination.sigkillEvidence;
  return [
    ...(lostOf === null ? [] : [COUNTED[lostOf]]),
    ...(requests.ambiguous === 0
      ? []
      : [`What became of ${plural(requests.ambiguous, 'request')} nobody can tell: held against nobody.`]),
    `Who sent which signal ${senderKnown(run)}.`,
    ...(kill === null ? [] : [`Whether SIGKILL fired ${KILL_KNOWN[targetNoun(plan.resolved)][kill]}.`]),
    `The verdict follows from what became of ${lostOf === null ? '' : `the ${lostOf} and `}the process; ${isUnclear ? 'it stands although the cause is not known' : 'a cause only explains it'}.`,
  ];
}

function senderKnown({ plan, observation }: RunRecord): string {
  if (observation.kernel.kind === 'traced') return "to whom is the kernel's own record";
  const seen = `is known from ${SENDERS_OF[targetNoun(plan.resolved)]} and from looking at the processes`;
  return plan.resolved.kernelTrace === 'off' ? seen : `${seen}, not from the kernel`;
}

const COUNTED = {
  requests: 'What was lost was counted by who sent it, request by request.',
  jobs: 'What was lost was counted by what the app wrote of its jobs.',
} as const;

const SENDERS_OF = { container: 'the engine', command: 'shutdown-check, which sent it,' } as const;

const INFERRED = 'is inferred from the exit code and the time';
const KILL_KNOWN = {
  container: { event: "is the engine's own word", inferred: INFERRED },
  command: { event: 'is what shutdown-check did', inferred: INFERRED },
} as const;
