import type { Ledger } from '../../load/ledger.ts';
import { nameOf, recordsOf, type Result, type RunRecord } from '../../result.ts';
import type { RolloutRecord } from '../../rollout/record.ts';
import type { Saved } from '../reporter.ts';
import { withAllFields } from '../../saved/before.ts';
import { type Assets, builtAssets } from './assets.ts';
import { documentOf } from './document.ts';
import { headPart, titleOf } from './head.ts';
import { markup, type Markup } from './markup.ts';
import { badge, type Place } from './parts.ts';
import { rolloutBody, runBody } from './record.ts';
import { budgetSection } from './sections/budget.ts';
import { explainedSection } from './sections/explained.ts';
import { matrixSection } from './sections/matrix.ts';
import { versionsSection } from './sections/plan.ts';
import { baselineSection, repeatsSection } from './sections/series.ts';

/**
 * A page in one file, which loads nothing.
 *
 * @throws CannotRunError in a checkout that was not built yet.
 */
export function htmlReporter(saved: Saved): string {
  return renderPage(saved, builtAssets());
}

/** The page with a script and a style that are given. Pure. */
export function renderPage(saved: Saved, assets: Assets): string {
  const result = withAllFields(saved.result);
  const codes = recordsOf(result).flatMap(({ findings }) => findings.map(({ code }) => code));
  const content = markup`<header>
${headPart(result)}</header>
<main>
${budgetSection(result)}${repeatsSection(result)}${baselineSection(result)}${recordsPart(result, saved.ledgers)}${explainedSection(codes)}${versionsSection(result)}</main>
`;
  return documentOf(titleOf(result), content, assets);
}

/** One run is the page; several stand in a table, each to be opened. */
function recordsPart(result: Result, ledgers: readonly (Ledger | null)[]): Markup {
  const records = recordsOf(result);
  const [only] = records;
  if (only !== undefined && records.length === 1) return bodyOf(only, ledgers[0] ?? null, { id: 'run-1', level: 2 });
  const ids = records.map((_, nth) => `run-${nth + 1}`);
  const isPrinted = records.filter(isOdd).length <= MOST_PRINTED ? isOdd : () => false;
  return markup`${matrixSection(result, ids)}${records.map(
    (record, nth) =>
      markup`<details class="run" id="${ids[nth] ?? ''}"${isPrinted(record) ? { html: ' data-print' } : null}><summary><h2>${badge(record.verdict)} ${headingOf(record, nth)}</h2></summary>
${bodyOf(record, ledgers[nth] ?? null, { id: ids[nth] ?? '', level: 3 })}</details>
`,
  )}`;
}

/** More runs than these, whole, are no paper that anybody reads; then only the table is printed. */
const MOST_PRINTED = 10;

function isOdd({ verdict, asExpected }: RunRecord | RolloutRecord): boolean {
  return asExpected === null ? verdict !== 'pass' : !asExpected;
}

function headingOf(record: RunRecord | RolloutRecord, nth: number): string {
  return `Run ${nth + 1}: ${isRun(record) ? nameOf(record) : (record.scenario ?? record.target.reference)}`;
}

function bodyOf(record: RunRecord | RolloutRecord, ledger: Ledger | null, place: Place): Markup {
  return isRun(record) ? runBody(record, ledger, place) : rolloutBody(record, ledger, place);
}

function isRun(record: RunRecord | RolloutRecord): record is RunRecord {
  return 'termination' in record;
}
