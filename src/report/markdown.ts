import { hasRegressed } from '../baseline/record.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import { baselineParts, figures } from './markdown-parts.ts';
import { asHtml, cell, code, codeBlock, details, fitted, inline, type Part, tableOf } from './markdown-text.ts';
import type { Saved } from './reporter.ts';
import { provenLines } from './table/proof.ts';
import { time, whole } from './text.ts';

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
    cases.length === 1 && one !== undefined ? oneCase(one, result, worse) : severalCases(cases, result, worse);
  return fitted(parts, footer(result), MOST_CHARACTERS);
}

function oneCase(one: Case, result: Result, worse: boolean): readonly Part[] {
  const word = worse && one.verdict === 'pass' ? 'REGRESSION' : wordOf(one);
  return [
    { text: `## ${word}: ${inline(one.name)}`, what: 'the name' },
    { text: inline(one.sentence), what: 'the verdict' },
    ...toldParts(one),
    ...baselineParts(result),
    ...figures(one),
    { text: details('The whole report', codeBlock(one.text())), what: 'the whole report' },
  ];
}

function severalCases(cases: readonly Case[], result: Result, worse: boolean): readonly Part[] {
  const failed = cases.filter(isFailure).length;
  const unclear = cases.filter(isUnclear).length;
  const word = failed > 0 ? 'FAIL' : worse ? 'REGRESSION' : unclear > 0 ? 'INCONCLUSIVE' : 'PASS';
  const good = cases.length - failed - unclear;
  const areScenarios = cases.some(({ asExpected }) => asExpected !== null);
  const said = `${whole(good)} of ${whole(cases.length)} ${areScenarios ? 'as expected' : 'passed'}, in ${time(result.durationMs)}`;
  return [
    { text: `## ${word}: ${said}`, what: 'the verdict' },
    { text: tableOfAll(cases, areScenarios), what: 'the table of all' },
    ...baselineParts(result),
    ...cases.filter((one) => isFailure(one) || isUnclear(one)).map(folded),
  ];
}

function tableOfAll(cases: readonly Case[], areScenarios: boolean): string {
  const head = ['name', 'verdict', 'why', 'SIGKILL', 'exit code', 'lost', 'drain'];
  return tableOf(
    areScenarios ? [...head, 'as expected'] : head,
    cases.map((one) => [...cellsOf(one), ...(areScenarios ? [one.asExpected === false ? '**NO**' : 'yes'] : [])]),
  );
}

function cellsOf(one: Case): readonly string[] {
  return [
    cell(one.name),
    isFailure(one) ? `**${one.verdict}**` : one.verdict,
    one.why === null ? '' : code(one.why),
    one.sigkill === null ? '?' : one.sigkill ? 'yes' : 'no',
    String(one.exitCode ?? '?'),
    whole(one.lost),
    one.drainMs === null ? '' : time(one.drainMs),
  ];
}

/** What is wrong with one of several, which opens on a click; of one that is well there is nothing to open. */
function folded(one: Case): Part {
  const inside = [inline(one.sentence), ...toldParts(one).map(({ text }) => text), codeBlock(one.text())];
  return {
    text: details(`${asHtml(one.name)}: ${wordOf(one)}`, inside.join('\n\n')),
    what: `the report of ${one.name}`,
  };
}

/** The cause, what to do, and what else was found. */
function toldParts(one: Case): readonly Part[] {
  const others = one.findings.filter((finding) => finding !== one.cause && finding.message !== one.sentence);
  const differs = [...one.unexpected, ...(one.brokenBecause === null ? [] : [one.brokenBecause])];
  return [
    ...listed(differs.map(inline), 'what differs'),
    ...(one.cause === null
      ? []
      : [{ text: `**Cause** ${code(one.cause.code)}: ${inline(one.cause.message)}`, what: 'the cause' }]),
    ...(one.remedy === null || !isFailure(one) ? [] : remedyParts(one.remedy, one)),
    ...listed(
      others.map(({ code: of, severity, message }) => `${severity} ${code(of)}: ${inline(message)}`),
      'what else was found',
    ),
  ];
}

/** What is to be written stands in blocks of its own, to be copied. */
function remedyParts(remedy: string, { record }: Case): readonly Part[] {
  const proven = 'termination' in record ? provenLines(record) : [];
  const [, written] = /^Write `([^`]+)`/.exec(remedy) ?? [];
  const blocks =
    proven.length > 0
      ? proven.map(({ where, text }) => `${inline(where)}:\n\n${codeBlock(text)}`)
      : written === undefined
        ? []
        : [codeBlock(written)];
  return [{ text: [`**Do** ${inline(remedy)}`, ...blocks].join('\n\n'), what: 'what to do' }];
}

function listed(lines: readonly string[], what: string): readonly Part[] {
  return lines.length === 0 ? [] : [{ text: lines.map((line) => `- ${line}`).join('\n'), what }];
}

function footer({ tool, engine, startedAt }: Result): string {
  const at = startedAt.slice(0, 16).replace('T', ' ');
  return `<sub>${asHtml(`shutdown-check ${tool.version}, ${engine.kind} ${engine.version}, ${at} UTC`)}</sub>`;
}

function wordOf(one: Case): string {
  if (one.asExpected !== null) return one.asExpected ? 'AS EXPECTED' : 'NOT AS EXPECTED';
  return one.isKnown ? 'FAIL, known from the baseline' : one.verdict.toUpperCase();
}
