import { isKnownFailure, hasRegressed } from '../../baseline/record.ts';
import { nameOf, recordsOf, type Result, type Verdict } from '../../result.ts';
import { budgetSentence } from '../table/budget.ts';
import { rolloutSentence } from '../table/rollout-verdict.ts';
import { verdictSentence } from '../table/verdict-line.ts';
import { plural, time, whole } from '../text.ts';
import { type Markup, markup, prose } from './markup.ts';
import { badge } from './parts.ts';

/** What the whole result comes to, before anything else. */
export function headPart(result: Result): Markup {
  const at = result.startedAt.slice(0, 16).replace('T', ' ');
  return markup`<p class="what"><span>shutdown-check</span> <span>${subjectOf(result)}</span> <span>${at} UTC, took ${time(result.durationMs)}</span></p>
<h1>${wordPart(result)} ${prose(sentenceOf(result))}</h1>
${baselinePart(result)}`;
}

/** Of scenarios the question is whether they did as they say. */
function wordPart(result: Result): Markup {
  const { asExpected, verdict } = result;
  if (asExpected === null || recordsOf(result).length === 1) return badge(verdict);
  return asExpected
    ? markup`<strong class="verdict expected">AS EXPECTED</strong>`
    : markup`<strong class="verdict unexpected">NOT AS EXPECTED</strong>`;
}

/** Of the window. */
export function titleOf(result: Result): string {
  const words: Readonly<Record<Verdict, string>> = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' };
  return `${words[result.verdict]}: ${subjectOf(result)} - shutdown-check`;
}

function subjectOf(result: Result): string {
  const { runs, rollouts = [], budget, repeats } = result;
  const [run] = runs;
  const [rollout] = rollouts;
  const count = recordsOf(result).length;
  if (run && (count === 1 || budget !== undefined || (repeats?.length === 1 && repeats[0]?.at.length === count)))
    return nameOf(run);
  if (rollout && count === 1) return rollout.scenario ?? rollout.target.reference;
  return plural(count, 'run');
}

function sentenceOf(result: Result): string {
  const { runs, rollouts = [], budget, asExpected } = result;
  const records = recordsOf(result);
  const [run] = runs;
  const [rollout] = rollouts;
  if (budget !== undefined) return budgetSentence(budget, runs);
  if (run && records.length === 1) return verdictSentence(run);
  if (rollout && records.length === 1) return rolloutSentence(rollout);
  if (asExpected !== null) {
    const good = records.filter((one) => one.asExpected !== false).length;
    return `${whole(good)} of ${plural(records.length, 'scenario')} did as they say.`;
  }
  const passed = records.filter(({ verdict }) => verdict === 'pass').length;
  return `${whole(passed)} of ${plural(records.length, 'run')} passed.`;
}

/** That something is worse although the verdict is no fail, or that a fail is known. */
function baselinePart({ verdict, baseline }: Result): Markup | null {
  if (baseline === undefined) return null;
  if (hasRegressed(baseline) && verdict !== 'fail')
    return markup`<p class="against"><strong>Regression:</strong> worse than in the baseline ${baseline.file}, see below.</p>`;
  if (verdict !== 'fail' || !isKnownFailure(baseline)) return null;
  return markup`<p class="against"><strong>Known failure:</strong> the baseline ${baseline.file} fails too, and nothing is worse than there. It is a failure all the same.</p>`;
}
