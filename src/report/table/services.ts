import { nameOf, type Result, type RunRecord } from '../../result.ts';
import { type Look, paint } from '../look.ts';
import { plural, time } from '../text.ts';
import { runTable } from './scenario-table.ts';

/** Whether the runs are of targets that have names, as the services of one file, and not of scenarios. */
export function areServices({ runs }: Result): boolean {
  return (
    runs.length > 0 &&
    runs.every(({ scenario, plan: { resolved } }) => scenario === null && (resolved.service ?? resolved.name) !== null)
  );
}

/** Several targets: a row each, then the report of each under its name. */
export function servicesReport(result: Result, look: Look, reportOf: (run: RunRecord) => string): string {
  const each = result.runs.map((run) => `${titleLine(nameOf(run), look)}\n\n${reportOf(run)}`);
  return [headline(result, look), `${runTable(result.runs, look, nounOf(result))}\n`, ...each].join('\n');
}

function nounOf({ runs }: Result): 'service' | 'target' {
  return runs.every(({ plan }) => plan.resolved.service !== null) ? 'service' : 'target';
}

function headline(result: Result, look: Look): string {
  const { runs, verdict, durationMs } = result;
  const passed = runs.filter((run) => run.verdict === 'pass').length;
  const word = verdict.toUpperCase();
  const style = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;
  return `${paint(look, ['bold', style[verdict]], word)}  ${passed} of ${plural(runs.length, nounOf(result))} passed, in ${time(durationMs)}.\n`;
}

/** What a whole report stands under, as wide as the look. */
export function titleLine(name: string, look: Look): string {
  const rule = (look.unicode ? '─' : '-').repeat(Math.max(3, look.width - name.length - 5));
  return paint(look, 'bold', `${look.unicode ? '──' : '--'} ${name} ${rule}`);
}
