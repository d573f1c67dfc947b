import type { Finding, FindingCode } from '../../diagnosis/finding.ts';
import { countOf } from '../../rollout/failures.ts';
import type { RolloutRecord } from '../../rollout/record.ts';
import { plural, time, whole } from '../text.ts';

const DOUBTS: readonly FindingCode[] = ['UNHEALTHY_BEFORE_ROLLOUT', 'REPLICA_IDLE', 'HARNESS_LIMIT', 'COUNTS_DISAGREE'];

/** The finding that makes a roll-out inconclusive, where it is. */
export function rolloutDoubt({ verdict, findings }: Pick<RolloutRecord, 'verdict' | 'findings'>): Finding | null {
  return verdict === 'inconclusive' ? (findings.find(({ code }) => DOUBTS.includes(code)) ?? null) : null;
}

/** What there is to say of a roll-out in one breath. */
export function rolloutSentence(rollout: RolloutRecord): string {
  if (rollout.verdict === 'inconclusive')
    return rolloutDoubt(rollout)?.message ?? 'This could not tell whether users lose anything.';
  return rollout.verdict === 'pass' ? passed(rollout) : failed(rollout);
}

function took({ rolloutMs, plan }: RolloutRecord): string {
  return `while ${plan.replicas} replicas were replaced, which took ${time(rolloutMs)}`;
}

function passed(rollout: RolloutRecord): string {
  const { completed } = rollout.requests.byPhase.during;
  const { sentAgain } = rollout.requests;
  const again = sentAgain === 0 ? '' : ` ${whole(sentAgain)} of them only because the balancer sent them again.`;
  return `Users lost nothing: all ${plural(completed, 'request')} were answered ${took(rollout)}.${again}`;
}

function failed(rollout: RolloutRecord): string {
  const { requests, replacements } = rollout;
  const killed = replacements.filter(({ sigkillFired }) => sigkillFired === true).length;
  const bySigkill = killed === 0 ? '' : `${killed === replacements.length ? 'all' : killed} of them got SIGKILL`;
  const during = Object.values(requests.byPhase.during).reduce((sum, count) => sum + count, 0);
  const lost = countOf(requests.failures);
  if (lost === 0)
    return `Users lost nothing ${took(rollout)}, but ${bySigkill || 'exit codes are not the accepted ones'}.`;
  return `Users lost ${plural(lost, 'request')} of ${whole(during)} ${took(rollout)}${bySigkill === '' ? '' : `; ${bySigkill}`}.`;
}
