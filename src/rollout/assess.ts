import type { Ledger } from '../load/ledger.ts';
import { count, drawTimeline, latencyOf } from '../requests.ts';
import { recordEnd } from '../termination/record.ts';
import { type Agreement, agreementOf } from './agreement.ts';
import { serverName } from './balancer-config.ts';
import { failuresOf } from './failures.ts';
import { findInRollout } from './findings.ts';
import { judgeUsers, type UserRequest } from './judge.ts';
import type { Replacement, RolloutObservation } from './observation.ts';
import type { ReplacementRecord, RolloutRecord, UsersRecord } from './record.ts';
import { decideRollout } from './verdict.ts';

/** What is made of an observation: everything in a roll-out's record that is not the observation itself. */
export type RolloutAssessment = Pick<
  RolloutRecord,
  'verdict' | 'requests' | 'replacements' | 'agreement' | 'findings' | 'timeline'
>;

/** Judges a roll-out. Pure: a saved observation and its ledger give the same assessment again. */
export function assessRollout(observation: RolloutObservation, ledger: Ledger): RolloutAssessment {
  const users = judgeUsers(ledger, observation);
  const requests = countUsers(users, observation);
  const replacements = observation.replacements.map((one) => recordReplacement(one, users, observation));
  const agreement: readonly Agreement[] = agreementOf(ledger, observation.balancer.after.users);
  const grounds = decideRollout(observation, users, replacements, agreement);
  const { beganUs, endedUs } = observation;
  const firstUs = users[0]?.scheduledUs ?? beganUs;
  const lastUs = users.reduce((last, { endUs }) => Math.max(last, endUs), endedUs);
  return {
    verdict: grounds.verdict,
    requests,
    replacements,
    agreement,
    findings: findInRollout({ observation, grounds, requests, replacements, agreement }),
    timeline: drawTimeline(users, { t0Us: beganUs }, (lastUs - beganUs) / 1000, (firstUs - beganUs) / 1000),
  };
}

function countUsers(users: readonly UserRequest[], { rampEndUs }: RolloutObservation): UsersRecord {
  const before = users.filter(({ phase }) => phase === 'before');
  const during = users.filter(({ phase }) => phase === 'during');
  const again = users.filter(({ retries }) => retries > 0);
  return {
    sent: users.length,
    ...count(users),
    byPhase: { before: count(before), during: count(during) },
    failures: failuresOf(during),
    sentAgain: again.length,
    latencyMs: {
      // What was asked first found everything cold.
      before: latency(before.filter(({ scheduledUs }) => scheduledUs >= rampEndUs)),
      during: latency(during),
      sentAgain: latency(again),
    },
  };
}

function latency(users: readonly UserRequest[]): UsersRecord['latencyMs']['before'] {
  const completed = users.filter(({ outcome }) => outcome === 'completed');
  return latencyOf(completed.map(({ scheduledUs, endUs }) => (endUs - scheduledUs) / 1000));
}

function recordReplacement(
  { events, exit, atT0, ...seen }: Replacement,
  users: readonly UserRequest[],
  { engine, plan, target, balancer }: RolloutObservation,
): ReplacementRecord {
  const { replica, startedAtMs, readyAtMs, t0AtMs, endedAtMs, preStop, signalledAtMs, unroutedAtMs } = seen;
  const at = (which: 'old' | 'new'): readonly UserRequest[] =>
    users.filter(({ place, phase }) => phase === 'during' && place?.replica === replica && place.which === which);
  const last = balancer.after.servers[serverName(replica)] ?? atT0;
  return {
    ...{ replica, startedAtMs, readyAtMs, t0AtMs, endedAtMs, preStop, signalledAtMs, unroutedAtMs },
    ...recordEnd({ engine, plan, target, events, exit, kernel: UNASKED, signalFromMs: signalledAtMs ?? Infinity }),
    inFlightAtT0: atT0.current,
    givenAfterT0: last.given - atT0.given,
    failures: { old: failuresOf(at('old')), new: failuresOf(at('new')) },
    sentAgain: last.retries + last.redispatches,
  };
}

const UNASKED = { kind: 'untraced', because: 'a roll-out is told by its users' } as const;
