import { type BaselineRecord, type Comparison, hasRegressed, isKnownFailure } from '../../baseline/record.ts';
import type { Series, Spread } from '../../repeat/record.ts';
import type { Result } from '../../result.ts';
import { heading, type Look, paint } from '../look.ts';
import { harmless, paragraph, time, whole } from '../text.ts';
import { plainTable } from './tables.ts';

/**
 * What stands before everything else: that something is worse although the verdict is no fail, or that a fail is known and so
 * does not count. Empty where the verdict's own line says it all.
 */
export function baselineHeadLines({ verdict, baseline }: Result, look: Look): readonly string[] {
  if (baseline === undefined) return [];
  const file = harmless(baseline.file);
  if (hasRegressed(baseline) && verdict !== 'fail') {
    const worse = messagesOf(baseline).join(' ');
    return [worded('REGRESSION', 'red', `Worse than in the baseline ${file}. ${worse}`, look)];
  }
  if (verdict !== 'fail' || !isKnownFailure(baseline)) return [];
  const text = `The baseline ${file} fails too, and nothing is worse than there: with --fail-on regression this does not count. It is a failure all the same.`;
  return [worded('KNOWN FAILURE', 'yellow', text, look)];
}

function worded(word: string, color: 'red' | 'yellow', sentence: string, look: Look): string {
  const text = paragraph(sentence, look.width, `${word}  `);
  return paint(look, ['bold', color], text.slice(0, word.length)) + text.slice(word.length);
}

/** The target, or each of them, then and now, and what is worse. */
export function baselineLines({ baseline }: Result, look: Look): readonly string[] {
  if (baseline === undefined) return [];
  const { file, startedAt, isUpdate, comparisons } = baseline;
  const title = `${heading(look, 'Baseline')}  ${harmless(file)}, of ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  const update = isUpdate ? ['  It was to be written anew: what is worse does not count.'] : [];
  if (comparisons.length === 0) return [title, '  Nothing in it compares with this check.'];
  const named = comparisons.length > 1;
  return [title, ...update, ...comparisons.flatMap((one) => comparisonLines(one, named, look))];
}

function comparisonLines(comparison: Comparison, named: boolean, look: Look): readonly string[] {
  const { name, was, is, regressions } = comparison;
  const isSingle = was.runs === 1 && is.runs === 1;
  const rows = ROWS.filter(([label]) => label !== 'failed' || !isSingle).map(([label, read]) => [
    label,
    read(was, look),
    read(is, look),
  ]);
  const worse = regressions.map(({ message }) => paragraph(message, look.width, `  ${look.unicode ? '✗' : 'x'} `));
  const nothing = is.verdict === 'inconclusive' ? 'This check could not tell.' : 'Nothing is worse than it was.';
  return [
    ...(named ? [`  ${paint(look, 'bold', harmless(name))}`] : []),
    plainTable(['', 'then', 'now'], rows, ['left', 'right', 'right'], look),
    ...(worse.length === 0 ? [`  ${nothing}`] : worse.map((line) => paint(look, 'red', line))),
  ];
}

type Row = readonly [label: string, read: (series: Series, look: Look) => string];

/** What is held against each other. */
export const ROWS: readonly Row[] = [
  ['verdict', ({ verdict }) => verdict],
  ['failed', ({ failed, runs }) => ofRuns(failed, runs)],
  ['lost', ({ lost }, look) => spreadText(lost, whole, look)],
  ['drain', ({ drainMs }, look) => spreadText(drainMs, time, look)],
  ['exit', ({ exitedAtMs }, look) => spreadText(exitedAtMs, time, look)],
  ['cause', ({ causes }, look) => causes.join('\n') || none(look)],
  ['SIGKILL', ({ killed, runs }) => ofRuns(killed, runs)],
];

function ofRuns(times: number, runs: number): string {
  if (runs === 1) return times === 0 ? 'no' : 'yes';
  return `${whole(times)} of ${whole(runs)}`;
}

function spreadText(spread: Spread | null, text: (value: number) => string, look: Look): string {
  if (spread === null) return none(look);
  const [min, median, max] = [spread.min, spread.median, spread.max].map(text);
  return min === max ? String(max) : `${min} to ${max}, median ${median}`;
}

function none(look: Look): string {
  return look.unicode ? '·' : '-';
}

function messagesOf({ comparisons }: BaselineRecord): readonly string[] {
  const named = comparisons.length > 1;
  return comparisons.flatMap(({ name, regressions }) =>
    regressions.map(({ message }) => (named ? `${harmless(name)}: ${message}` : message)),
  );
}
