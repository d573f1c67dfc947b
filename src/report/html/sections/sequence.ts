import type { RunRecord } from '../../../result.ts';
import { budgetText, needsOf, stepsOf } from '../../table/sequence.ts';
import { period } from '../../text.ts';
import { type Markup, markup, NOTHING, prose } from '../markup.ts';
import { type Place, section } from '../parts.ts';
import { moment } from './processes.ts';

/** A pod's stop step by step, what it took of the grace period, and what to write into the manifest; nothing for `docker stop`. */
export function sequenceSection(run: RunRecord, place: Place): Markup {
  const { profile, graceMs } = run.plan.resolved;
  if (profile === 'docker') return NOTHING;
  const steps = stepsOf(run).map(({ atMs, text }) => markup`<li>${moment(atMs)} ${prose(text)}</li>\n`);
  const [needs, lines] = needsOf(run);
  return section(
    place,
    'sequence',
    'Sequence',
    markup`<p class="note">As a pod’s, with ${period(graceMs)} of grace for all of it.</p>
<ol class="story">\n${steps}</ol>
<p>${budgetText(run)}</p>
<p>${prose(needs)}</p>
${lines.length === 0 ? null : markup`<pre>${lines.join('\n')}</pre>`}`,
  );
}
