import type { ReplacementRecord, RolloutRecord } from '../../../rollout/record.ts';
import { countOf } from '../../../rollout/failures.ts';
import { rolloutMeasuredLines } from '../../table/rollout.ts';
import { time, whole } from '../../text.ts';
import { type Markup, markup } from '../markup.ts';
import { NONE, number, type Place, section, SENTENCES, sentencesOf, table, yesNo } from '../parts.ts';
import { outcomeTable } from './requests.ts';

/** What users saw, at which replica, whether the balancer counted the same, and what that rests on. */
export function rolloutSections(rollout: RolloutRecord, place: Place): Markup {
  const { requests, replacements, agreement, observation } = rollout;
  const users = outcomeTable(requests, [
    { head: 'before', counts: requests.byPhase.before },
    { head: 'during', counts: requests.byPhase.during },
  ]);
  const counts = table(
    `What users counted, and HAProxy ${observation.balancer.version} itself`,
    ['', number('users'), number('HAProxy'), 'agree'],
    agreement.map(({ what, ours, balancers, agrees }) => [what, whole(ours), whole(balancers), agrees ? 'yes' : 'NO']),
  );
  return markup`${section(place, 'requests', 'Users', users)}${section(place, 'replicas', 'Replicas', replicaTable(replacements))}${section(place, 'balancer', 'Balancer', counts)}${section(place, 'measured', 'How it was measured', sentencesOf(rolloutMeasuredLines(rollout, SENTENCES)))}`;
}

function replicaTable(replacements: readonly ReplacementRecord[]): Markup {
  return table(
    'Replacements; times of the old one count from the begin of its stop',
    [
      'replica',
      number('new one ready in'),
      number('preStop over'),
      number('old one ended in'),
      number('exit code'),
      'SIGKILL',
      number('given after the stop began'),
      number('sent again'),
      number('lost'),
      number('lost at the new one'),
    ],
    replacements.map((one) => [
      String(one.replica),
      time(one.readyAtMs - one.startedAtMs),
      one.preStop === null ? NONE : time(one.preStop.endedAtMs),
      one.exitedAtMs === null ? NONE : time(one.exitedAtMs),
      String(one.exitCode ?? '?'),
      yesNo(one.sigkillFired),
      whole(one.givenAfterT0),
      whole(one.sentAgain),
      whole(countOf(one.failures.old)),
      whole(countOf(one.failures.new)),
    ]),
  );
}
