import type { Profile } from '../../plan/plan.ts';
import type { Agreement } from '../../rollout/agreement.ts';
import type { RolloutCode } from '../finding.ts';
import { count, seconds, tick, type Words } from './phrases.ts';

/** The sentences of what users saw of a roll-out, and of what it is worth. */
export const ROLLOUT_WORDS = {
  LOST_IN_ROLLOUT: (a: {
    failed: number;
    /** Requests that ended while it went on. */
    of: number;
    /** `15 answered 503 by the balancer, 18 cut off without an answer`. */
    ways: string;
    atOld: readonly { replica: number; failed: number }[];
    atNew: readonly { replica: number; failed: number }[];
    lagMs: number;
    /** The shortest preStop sleep that covers the lag, seconds; null where that would change nothing. */
    sleepS: number | null;
    profile: Profile;
  }): Words => ({
    message: `${a.failed} of ${count(a.of, 'request')} failed for users: ${a.ways}.${where('Lost at', a.atOld)}${where('Failed at the new container of', a.atNew)}${
      a.sleepS === null
        ? ''
        : ` From the signal on the app took no new connection, and the balancer still sent it some for ${seconds(a.lagMs)}.`
    }`,
    advice: a.sleepS === null ? whatTellsWhy(a.profile) : outlast(a.sleepS),
  }),
  KILLED_IN_ROLLOUT: (a: {
    replicas: readonly number[];
    of: number;
    graceMs: number;
    /** Requests that failed at them. */
    failed: number;
    profile: Profile;
  }): Words => ({
    message: `${a.replicas.length === a.of ? allOf(a.of) : replicas(a.replicas)} got SIGKILL after the grace period of ${seconds(a.graceMs)}, and took all of that to be replaced.${
      a.failed === 0
        ? ' No user lost a request by it: the balancer had sent them elsewhere by then. A request that takes longer than the grace period would be cut off.'
        : ''
    }`,
    // Where users lost something, that has said it.
    advice: a.failed === 0 ? whatTellsWhy(a.profile) : null,
  }),
  SENT_AGAIN: (a: {
    requests: number;
    times: number;
    /** The longest that a user of those waited for a whole answer; null where none got one. */
    slowestMs: number | null;
    usualMs: number | null;
    lagMs: number;
    sleepS: number | null;
  }): Words => ({
    message: `The balancer sent ${count(a.requests, 'request')} again, to another replica: the one that was being stopped took no connection any more${a.lagMs === 0 ? '' : `, and went on getting requests for ${seconds(a.lagMs)}`}.${
      a.slowestMs === null || a.usualMs === null
        ? ''
        : ` Users of those waited up to ${seconds(a.slowestMs)}, where ${seconds(a.usualMs)} is usual.`
    } Through one that sends nothing again, as kube-proxy, they would have failed.`,
    advice:
      a.sleepS === null
        ? null
        : `${outlast(a.sleepS)} ${tick('--balancer-retries 0')} shows what users get where nothing is sent again.`,
  }),
  REPLICA_IDLE: (a: { replicas: readonly number[]; path: string; ratePerSecond: number }): Words => ({
    message: `${replicas(a.replicas)} had no request when the stop began and got none after it, so this shows nothing about ${a.replicas.length === 1 ? 'its' : 'their'} replacement.`,
    advice: `Ask a slower endpoint than ${tick(a.path)} (\`--path\`), or more often than ${Math.round(a.ratePerSecond * 10) / 10} a second (\`--rate\`).`,
  }),
  UNHEALTHY_BEFORE_ROLLOUT: (a: { failed: number; of: number; ways: string }): Words => ({
    message: `${a.failed} of ${count(a.of, 'request')} failed before the roll-out began (${a.ways}), so failures in it say nothing about it.`,
    advice:
      'Name a path that the app serves well (`--path`), what it should answer (`--expect-status`), or a lower `--rate`.',
  }),
  COUNTS_DISAGREE: (a: { counts: readonly Agreement[] }): Words => ({
    message: `The balancer counted otherwise than the users did: ${a.counts.map(({ what, ours, balancers }) => `${what} ${balancers}, not ${ours}`).join('; ')}. So this is not worth a pass.`,
    advice: null,
  }),
} as const satisfies Readonly<Record<RolloutCode, (args: never) => Words>>;

function whatTellsWhy(profile: Profile): string {
  const run = `shutdown-check run${profile === 'docker' ? '' : ` --profile ${profile}`}`;
  return `${tick(run)}, with the same target and flags, stops one of them and tells why.`;
}

function outlast(sleepS: number): string {
  return `Let preStop outlast the lag: \`lifecycle.preStop.sleep.seconds: ${sleepS}\`. \`--pre-stop sleep:${sleepS}s\` tries it here.`;
}

function where(what: string, at: readonly { replica: number; failed: number }[]): string {
  if (at.length === 0) return '';
  return ` ${what} replica ${at.map(({ replica, failed }) => `${replica} (${failed})`).join(', ')}.`;
}

function allOf(many: number): string {
  return many === 2 ? 'Both replicas' : `All ${many} replicas`;
}

/** `Replica 2`, `Replicas 1 and 3`, `Replicas 1, 2 and 4`. */
function replicas(numbers: readonly number[]): string {
  const last = numbers.at(-1);
  return numbers.length === 1 ? `Replica ${last}` : `Replicas ${numbers.slice(0, -1).join(', ')} and ${last}`;
}
