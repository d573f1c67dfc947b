import type { Distribution } from '../../../budget/distribution.ts';
import type { Result } from '../../../result.ts';
import { adviceLines, confidenceLines } from '../../table/budget-advice.ts';
import { time, whole } from '../../text.ts';
import { type Markup, markup, NOTHING, prose } from '../markup.ts';
import { list, NONE, number, section, SENTENCES, table } from '../parts.ts';

const PLACE = { id: 'all', level: 2 } as const;

/** What repeated stops took, how sure that is, and what to set. */
export function budgetSection({ budget }: Result): Markup {
  if (budget === undefined) return NOTHING;
  const cells = ({ minMs, medianMs, maxMs }: Distribution): readonly string[] =>
    [minMs, medianMs, maxMs].map((ms) => (ms === null ? NONE : time(ms)));
  const rows = [...budget.loads, ...(budget.loads.length > 1 ? [budget.all] : [])];
  const heads = (what: string) => ['min', 'median', 'max'].map((one) => number(`${what}, ${one}`));
  return section(
    PLACE,
    'budget',
    'Grace period',
    adviceTexts(adviceLines(budget, SENTENCES)),
    table(
      'Times from the signal to the last answer (drain), and to the process’s end (exit)',
      ['requests/s', number('stops'), ...heads('drain'), ...heads('exit')],
      rows.map(({ ratePerSecond, stops, drain, exit }) => [
        ratePerSecond === null ? 'all' : String(Math.round(ratePerSecond * 10) / 10),
        whole(stops),
        ...cells(drain),
        ...cells(exit),
      ]),
    ),
    markup`${confidenceLines(budget, SENTENCES)
      .slice(1)
      .map((line) => markup`<p>${prose(line.trim())}</p>`)}`,
  );
}

/** The lines to write are indented deeper than what is said of them. */
function adviceTexts(lines: readonly string[]): Markup {
  const told = lines.slice(1);
  const isToWrite = (line: string): boolean => line.startsWith('    ');
  const write = told.filter(isToWrite).map((line) => line.slice(4));
  return markup`${list(told.filter((line) => !isToWrite(line)).map((line) => prose(line.trim())))}${write.length === 0 ? null : markup`<pre>${write.join('\n')}</pre>`}`;
}
