import { causeOf, type Finding } from '../../diagnosis/finding.ts';
import type { RunRecord } from '../../result.ts';
import { type Look, paint } from '../look.ts';
import { provenRemedy } from './proof.ts';
import { paragraph } from '../text.ts';
import { doubtOf } from '../totals.ts';

const ORDER = ['error', 'warning', 'info'] as const;
const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** The cause with its remedy, then what else was found, the worst first. */
export function findingLines(run: RunRecord, look: Look): readonly string[] {
  const cause = causeOf(run);
  const others = run.findings.filter((finding) => finding !== cause);
  const sorted = others.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const all = cause ? [cause, ...sorted] : sorted;
  return all.map((finding) =>
    describe(finding, finding === cause ? 'Cause' : null, finding === doubtOf(run), adviceOn(finding, run), look),
  );
}

/** What a run of its own has proven goes before what is usual; the finding itself stays as it is. */
export function adviceOn(finding: Finding, run: RunRecord): readonly [label: string, text: string] | null {
  const proven = finding === causeOf(run) ? provenRemedy(run) : null;
  if (proven !== null) return ['Proven', proven];
  return finding.advice === null ? null : ['Do', finding.advice];
}

/** What the verdict's own line has said already (`isTold`) is not said again. */
export function describe(
  finding: Finding,
  label: string | null,
  isTold: boolean,
  advised: ReturnType<typeof adviceOn>,
  look: Look,
): string {
  const kind = label ?? finding.severity.replace(/^./, (letter) => letter.toUpperCase());
  const title = `${paint(look, ['bold', STYLES[finding.severity]], kind)} ${finding.code}`;
  const advice = advised === null ? [] : [paragraph(advised[1], look.width, `  ${advised[0]}: `)];
  const message = isTold ? [] : [paragraph(finding.message, look.width, '  ')];
  return [title, ...message, ...advice].join('\n');
}
