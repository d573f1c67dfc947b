import type { Ledger } from '../../load/ledger.ts';
import type { RunRecord } from '../../result.ts';
import type { RolloutRecord } from '../../rollout/record.ts';
import { rolloutSentence } from '../table/rollout-verdict.ts';
import { verdictSentence } from '../table/verdict-line.ts';
import { type Markup, markup, prose } from './markup.ts';
import type { Place } from './parts.ts';
import { momentsOf, rolloutDrawing, runDrawing } from './run-drawing.ts';
import { findingsSection, plainFindings } from './sections/findings.ts';
import { logSection } from './sections/log.ts';
import { planSection } from './sections/plan.ts';
import { besideSection, endingSection, kernelSection, measuredSection } from './sections/processes.ts';
import { proofSection } from './sections/proof.ts';
import { latencySection, requestsSection } from './sections/requests.ts';
import { rolloutSections } from './sections/rollout.ts';
import { sequenceSection } from './sections/sequence.ts';
import { timelineSection } from './sections/timeline.ts';
import { expectationPart, figuresPart } from './sections/verdict.ts';
import { requestsOf, usersOf } from './seen.ts';

/** The whole story of a run, under its own heading: what it comes to, when it happened, and what that rests on. */
export function runBody(run: RunRecord, ledger: Ledger | null, place: Place): Markup {
  const requests = requestsOf(run, ledger);
  const drawing = runDrawing(run, requests);
  const isPod = run.plan.profile === 'kubernetes';
  const { before, after } = run.requests.latencyMs;
  const latencies = [
    ['before', before],
    [isPod ? 'from the stop on' : 'from the signal on', after],
  ] as const;
  const drawn = drawing.latency === null ? null : `${place.id}-drawing`;
  return markup`${sentencePart(place, verdictSentence(run))}${expectationPart(run)}${figuresPart(run)}${findingsSection(run, place)}${timelineSection(drawing, run.timeline, requests, isPod ? 'when the stop begins' : 'the call of the stop', place)}${logSection(run, momentsOf(run), place)}${requestsSection(run, place)}${latencySection(latencies, drawn, place)}${besideSection(run, place)}${endingSection(run, place)}${kernelSection(run, place)}${sequenceSection(run, place)}${proofSection(run, place)}${measuredSection(run, place)}${planSection(run, place)}`;
}

/** The same of a roll-out. */
export function rolloutBody(rollout: RolloutRecord, ledger: Ledger | null, place: Place): Markup {
  const requests = usersOf(rollout, ledger);
  const drawing = rolloutDrawing(rollout, requests);
  const { before, during, sentAgain } = rollout.requests.latencyMs;
  const latencies = [
    ['before', before] as const,
    ['during', during] as const,
    ['those sent again', sentAgain] as const,
  ];
  const drawn = drawing.latency === null ? null : `${place.id}-drawing`;
  return markup`${sentencePart(place, rolloutSentence(rollout))}${expectationPart(rollout)}${plainFindings(rollout.findings, place)}${timelineSection(drawing, rollout.timeline, requests, 'the start of the first new container', place)}${latencySection(latencies, drawn, place)}${rolloutSections(rollout, place)}${planSection(rollout, place)}`;
}

/** Of a run alone the page's own heading says it. */
function sentencePart({ level }: Place, sentence: string): Markup {
  return level === 2 ? markup`` : markup`<p class="sentence">${prose(sentence)}</p>\n`;
}
