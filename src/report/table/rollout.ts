import { OUTCOMES } from '../../load/outcomes.ts';
import { shortPreStop } from '../../plan/pre-stop.ts';
import { countOf } from '../../rollout/failures.ts';
import type { ReplacementRecord, RolloutRecord } from '../../rollout/record.ts';
import { drawingLines, endOf, type Mark, REQUEST_LABELS } from './drawing.ts';
import { describe } from './findings.ts';
import { heading, type Look } from '../look.ts';
import { cell, LABELS } from './lost-table.ts';
import { CONNECTIONS, latencyText, mixText, ownPartText, rateText } from './measured.ts';
import { notHere } from '../not-here.ts';
import { rolloutDoubt, rolloutSentence } from './rollout-verdict.ts';
import { plainTable } from './tables.ts';
import { harmless, paragraph, period, plural, time, whole } from '../text.ts';
import { paintVerdict } from './verdict-line.ts';

/** What users saw of a roll-out, at which replica, and whether the balancer counted the same. */
export function rolloutReport(rollout: RolloutRecord, look: Look): string {
  const sections = [
    [rolloutLine(rollout, look), ...expectation(rollout, look)],
    ...rollout.findings.map((finding) => [
      describe(
        finding,
        null,
        finding === rolloutDoubt(rollout),
        finding.advice === null ? null : ['Do', finding.advice],
        look,
      ),
    ]),
    usersLines(rollout, look),
    replicaLines(rollout, look),
    timelineLines(rollout, look),
    balancerLines(rollout, look),
    rolloutMeasuredLines(rollout, look),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** The verdict and one sentence, before anything else. */
export function rolloutLine(rollout: RolloutRecord, look: Look): string {
  const word = rollout.verdict.toUpperCase();
  const text = paragraph(rolloutSentence(rollout), look.width, `${word}  `);
  return paintVerdict(look, rollout.verdict, text.slice(0, word.length)) + text.slice(word.length);
}

function expectation({ scenario, asExpected, unexpected }: RolloutRecord, look: Look): readonly string[] {
  if (scenario === null || asExpected === null) return [];
  if (asExpected) return [`Scenario ${scenario}: as expected.`];
  return [`Scenario ${scenario}: NOT as expected.`, ...unexpected.map((one) => paragraph(one, look.width, '  - '))];
}

function usersLines({ requests }: RolloutRecord, look: Look): readonly string[] {
  const { byPhase, latencyMs, sentAgain } = requests;
  const shown = OUTCOMES.filter((outcome) => outcome === 'completed' || requests[outcome] > 0);
  const rows = shown.map((outcome) => [
    LABELS[outcome],
    cell(outcome, byPhase.before, look),
    cell(outcome, byPhase.during, look),
    whole(requests[outcome]),
  ]);
  const table = plainTable(['', 'before', 'during', 'all'], rows, ['left', 'right', 'right', 'right'], look);
  const again = sentAgain === 0 ? [] : [`Those that the balancer sent again: ${latencyText(latencyMs.sentAgain)}.`];
  const waits = [
    `Waited before: ${latencyText(latencyMs.before)}; during: ${latencyText(latencyMs.during)}.`,
    ...again,
  ];
  return [heading(look, 'Users'), table, ...waits.map((fact) => paragraph(fact, look.width, '  '))];
}

function replicaLines({ replacements, plan }: RolloutRecord, look: Look): readonly string[] {
  const { preStop } = plan.resolved;
  const columns: readonly Column[] = [
    { head: 'replica', of: ({ replica }) => String(replica) },
    { head: 'new one\nready in', of: ({ startedAtMs, readyAtMs }) => time(readyAtMs - startedAtMs) },
    ...(preStop === null ? [] : [PRE_STOP]),
    { head: 'old one\nended in', of: ({ exitedAtMs }) => (exitedAtMs === null ? '?' : time(exitedAtMs)) },
    { head: 'exit\ncode', of: ({ exitCode }) => String(exitCode ?? '?') },
    { head: 'SIG\nKILL', of: ({ sigkillFired }) => (sigkillFired === null ? '?' : sigkillFired ? 'yes' : 'no') },
    { head: 'after the\nstop began', of: ({ givenAfterT0 }) => whole(givenAfterT0) },
    { head: 'sent\nagain', of: ({ sentAgain }) => whole(sentAgain) },
    { head: 'lost', of: ({ failures }) => whole(countOf(failures.old)) },
    ...(replacements.some(({ failures }) => failures.new.length > 0) ? [LOST_AT_NEW] : []),
  ];
  const rows = replacements.map((replacement) => columns.map(({ of }) => of(replacement)));
  const heads = columns.map(({ head }) => head);
  return [
    `${heading(look, 'Replicas')}  requests of each old one; its times from the begin of its stop`,
    plainTable(
      heads,
      rows,
      heads.map(() => 'right'),
      look,
    ),
  ];
}

interface Column {
  readonly head: string;
  readonly of: (replacement: ReplacementRecord) => string;
}

const PRE_STOP: Column = {
  head: 'preStop\nover',
  of: ({ preStop }) => (preStop === null ? '' : time(preStop.endedAtMs)),
};
const LOST_AT_NEW: Column = { head: 'lost at\nnew one', of: ({ failures }) => whole(countOf(failures.new)) };

function timelineLines({ timeline, replacements }: RolloutRecord, look: Look): readonly string[] {
  const marks: readonly Mark[] = replacements.map(({ replica, t0AtMs }) => ({
    letter: String(replica % 10),
    atMs: t0AtMs,
    text: 'stopped from',
  }));
  const drawing = drawingLines(timeline, REQUEST_LABELS, marks, look);
  if (drawing.length === 0) return [];
  const title = `${heading(look, 'Roll-out')}  from ${time(timeline.fromMs)} to ${time(endOf(timeline))}; 0 is the start of the first new container`;
  return [title, ...drawing];
}

function balancerLines({ agreement, observation, plan }: RolloutRecord, look: Look): readonly string[] {
  const rows = agreement.map(({ what, ours, balancers, agrees }) => [
    what,
    whole(ours),
    whole(balancers),
    agrees ? 'yes' : 'NO',
  ]);
  const table = plainTable(['', 'users', 'HAProxy', 'agree'], rows, ['left', 'right', 'right', 'left'], look);
  const { balancer, balancerRetries } = plan.resolved;
  const which =
    balancer.kind === 'image' ? `from the image ${balancer.reference}` : `the program ${balancer.reference}`;
  return [
    `${heading(look, 'Balancer')}  its own counters beside what users counted`,
    table,
    paragraph(
      `HAProxy ${observation.balancer.version}, ${harmless(which)}: round robin, ${balancerRetries === 0 ? 'nothing is sent again' : `${plural(balancerRetries, 'retry').replace('retrys', 'retries')} where no connection could be made`}.`,
      look.width,
      '  ',
    ),
  ];
}

/** How the balancer reached the replicas. */
const VIAS = {
  container: "the containers' own addresses",
  'published-port': "published ports, through the engine's proxy, which takes connections that nobody is there for",
  helper: 'a helper container',
  local: 'this machine',
} as const;

/** What the figures rest on. */
export function rolloutMeasuredLines({ plan, observation }: RolloutRecord, look: Look): readonly string[] {
  const { resolved } = plan;
  const { faults } = observation.harness;
  const lacking = notHere(resolved);
  const rate = `${rateText(plan.ratePerSecond)} requests/s${plan.rate === 'auto' ? ' (auto)' : ''}`;
  const facts = [
    `${rate}, ${mixText(resolved.load.requests)}, ${CONNECTIONS[resolved.load.connections]}; from the balancer to ${VIAS[observation.target.via]}.`,
    `${sequenceText(resolved)}; the balancer hears of it ${resolved.routingLagMs === 0 ? 'at once' : `after ${period(resolved.routingLagMs)}`}.`,
    ownPartText(observation.harness),
    'Users send nothing twice; what the balancer sends again is its own doing.',
    ...(faults > 0 ? [`${plural(faults, 'request')} failed for reasons of this machine's and count for nothing.`] : []),
    ...(lacking === null ? [] : [lacking]),
  ];
  return [heading(look, 'Measured'), ...facts.map((fact) => paragraph(fact, look.width, '  '))];
}

function sequenceText({ profile, preStop, graceMs }: RolloutRecord['plan']['resolved']): string {
  if (profile === 'docker') return `Each stopped as \`docker stop\` does, with ${period(graceMs)} of grace`;
  const hook = preStop === null ? 'without preStop' : `with preStop ${harmless(shortPreStop(preStop))}`;
  return `Each stopped as a pod, ${hook}, ${period(graceMs)} of grace for all of it`;
}
