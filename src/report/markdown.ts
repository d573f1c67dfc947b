import { hasRegressed } from '../baseline/record.ts';
import { costOf, type Result, type RunRecord } from '../result.ts';
import { OUTCOMES } from '../load/outcomes.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import { codeBlock, inline, fitted, tableOf } from './markdown-text.ts';
import type { Saved } from './reporter.ts';
import { LABELS } from './table/lost-table.ts';
import { plural, time, whole } from './text.ts';

/** A pull request's comment takes 65,536 characters, and a job summary a megabyte; room is left for what stands around it. */
const MOST_CHARACTERS = 60_000;

/**
 * GitHub's Markdown, for a job summary or a comment: the verdict first, then what to change, small tables, and the whole
 * report of what failed folded away.
 */
export function markdownReporter({ result }: Saved): string {
  const cases = casesOf(result);
  const [one] = cases;
  const worse = result.baseline !== undefined && hasRegressed(result.baseline);
  const parts =
    cases.length === 1 && one !== undefined
      ? oneCase(one, worse)
      : [...severalCases(cases, result, worse), ...cases.flatMap(folded)];
  return fitted([...parts, ...baselineParts(result), footer(result)], MOST_CHARACTERS);
}

function oneCase(one: Case, worse: boolean): readonly string[] {
  return [
    `## ${worse && one.verdict === 'pass' ? 'REGRESSION' : wordOf(one)}: ${inline(one.name)}`,
    inline(one.sentence),
    ...toldParts(one),
    ...('termination' in one.record ? [figures(one.record)] : []),
    details('The whole report', codeBlock(one.text())),
  ];
}

function severalCases(cases: readonly Case[], { durationMs }: Result, worse: boolean): readonly string[] {
  const failed = cases.filter(isFailure).length;
  const unclear = cases.filter(isUnclear).length;
  const word = failed > 0 ? 'FAIL' : worse ? 'REGRESSION' : unclear > 0 ? 'INCONCLUSIVE' : 'PASS';
  const good = cases.length - failed - unclear;
  const areScenarios = cases.some(({ asExpected }) => asExpected !== null);
  const head = ['name', 'verdict', 'why', 'SIGKILL', 'exit code', 'lost', 'drain'];
  return [
    `## ${word}: ${whole(good)} of ${whole(cases.length)} ${areScenarios ? 'as expected' : 'passed'}, in ${time(durationMs)}`,
    tableOf(
      areScenarios ? [...head, 'as expected'] : head,
      cases.map((one) => [...cellsOf(one), ...(areScenarios ? [one.asExpected === false ? '**NO**' : 'yes'] : [])]),
    ),
  ];
}

function cellsOf(one: Case): readonly string[] {
  return [
    inline(one.name),
    isFailure(one) ? `**${one.verdict}**` : one.verdict,
    one.why === null ? '' : `\`${one.why}\``,
    one.sigkill === null ? '?' : one.sigkill ? 'yes' : 'no',
    String(one.exitCode ?? '?'),
    whole(one.lost),
    one.drainMs === null ? '' : time(one.drainMs),
  ];
}

/** What is wrong with one of several, which opens on a click; of one that is well there is nothing to open. */
function folded(one: Case): readonly string[] {
  if (!isFailure(one) && !isUnclear(one)) return [];
  const inside = [inline(one.sentence), ...toldParts(one), codeBlock(one.text())].join('\n\n');
  return [details(`${inline(one.name)}: ${wordOf(one)}`, inside)];
}

/** The cause, what to do, and what else was found. */
function toldParts(one: Case): readonly string[] {
  const others = one.findings.filter((finding) => finding !== one.cause && finding.message !== one.sentence);
  return [
    ...one.unexpected.map((sentence) => `- ${inline(sentence)}`),
    ...(one.cause === null ? [] : [`**Cause \`${one.cause.code}\`** ${inline(one.cause.message)}`]),
    ...(one.remedy === null || !isFailure(one) ? [] : [`**Do** ${inline(one.remedy)}`]),
    ...(others.length === 0
      ? []
      : [others.map(({ code, severity, message }) => `- ${severity} \`${code}\`: ${inline(message)}`).join('\n')]),
  ];
}

function figures(run: RunRecord): string {
  const { requests, termination } = run;
  const { byPhase } = requests;
  const shown = OUTCOMES.filter((outcome) => requests[outcome] > 0);
  const end = [
    ...termination.signals.map(({ signal, atMs }) => `${signal} at ${time(atMs)}`),
    `exit code ${termination.exitCode ?? 'unknown'}${termination.exitedAtMs === null ? '' : ` at ${time(termination.exitedAtMs)}`}`,
    ...(termination.drainMs === null ? [] : [`drain ${time(termination.drainMs)}`]),
  ].join(', ');
  if (requests.sent === 0) return `${end}; ${plural(costOf(run), 'job')} lost.`;
  const phases = [
    'before',
    ...(termination.preStop === null ? [] : ['preStop' as const]),
    'inFlight',
    'after',
  ] as const;
  const heads = { before: 'before', preStop: 'preStop', inFlight: 'in flight at the signal', after: 'after' };
  const rows = shown.map((outcome) => [
    LABELS[outcome],
    ...phases.map((phase) => whole(byPhase[phase][outcome])),
    whole(requests[outcome]),
  ]);
  return `${tableOf(['requests', ...phases.map((phase) => heads[phase]), 'all'], rows)}\n\n${end}.`;
}

function baselineParts({ baseline }: Result): readonly string[] {
  if (baseline === undefined) return [];
  const rows = baseline.comparisons.flatMap(({ name, was, is }) => [
    [
      inline(name),
      'was',
      was.verdict,
      whole(was.lost.max),
      was.drainMs === null ? '' : time(was.drainMs.median),
      was.causes.join(', '),
    ],
    [
      '',
      'is',
      is.verdict,
      whole(is.lost.max),
      is.drainMs === null ? '' : time(is.drainMs.median),
      is.causes.join(', '),
    ],
  ]);
  const worse = baseline.comparisons.flatMap(({ name, regressions }) =>
    regressions.map(({ message }) => `- **Worse** ${inline(name)}: ${inline(message)}`),
  );
  return [
    `### Against the baseline \`${inline(baseline.file)}\` of ${baseline.startedAt.slice(0, 10)}`,
    ...(worse.length === 0 ? ['Nothing is worse than it was.'] : [worse.join('\n')]),
    tableOf(['name', '', 'verdict', 'most lost', 'drain', 'cause'], rows),
  ];
}

function footer({ tool, engine, startedAt }: Result): string {
  return `<sub>shutdown-check ${tool.version}, ${engine.kind} ${inline(engine.version)}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC</sub>`;
}

function details(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function wordOf(one: Case): string {
  if (one.asExpected !== null) return one.asExpected ? 'AS EXPECTED' : 'NOT AS EXPECTED';
  return one.isKnown ? 'FAIL, known from the baseline' : one.verdict.toUpperCase();
}
