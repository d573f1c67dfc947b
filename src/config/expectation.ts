import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../diagnosis/finding.ts';
import { nearest } from '../plan/nearest.ts';
import type { ScenarioExpectation, Verdict } from '../result.ts';
import { entriesOf, type Entry, itemsOf, type Spot, textOf, truthOf, wrongSpot } from './document.ts';
import { unknownKey } from './entries.ts';

export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const satisfies readonly Verdict[];
export const CODES: readonly string[] = [...CAUSES, ...CONSEQUENCES, ...ROLLOUT_CODES];

/** What a scenario may say that its app does, by the key in the file. */
const READERS: Readonly<Record<string, (entry: Entry) => Partial<ScenarioExpectation>>> = {
  verdict: (entry) => ({ verdict: verdictOf(entry) }),
  findings: (entry) => ({ findings: codesOf(entry) }),
  'findings-untraced': (entry) => ({ findingsUntraced: codesOf(entry) }),
  'not-findings': (entry) => ({ notFindings: codesOf(entry) }),
  sigkill: (entry) => ({ sigkill: yesNoOf(entry) }),
  'exit-code': (entry) => ({ exitCode: exitCodeOf(entry) }),
};

export const EXPECTATION_KEYS = Object.keys(READERS);

/** @throws CannotRunError with the line, for what is no expectation. */
export function readExpectation(spot: Spot): ScenarioExpectation {
  let expected: Partial<ScenarioExpectation> = {};
  for (const entry of entriesOf(spot)) {
    const read = READERS[entry.name];
    if (read === undefined) throw unknownKey(entry, EXPECTATION_KEYS);
    expected = { ...expected, ...read(entry) };
  }
  if (expected.verdict === undefined)
    throw wrongSpot(spot, 'expected takes at least a verdict.', 'For example: expected: { verdict: fail }');
  return { ...expected, verdict: expected.verdict };
}

function verdictOf({ value }: Entry): Verdict {
  const found = VERDICTS.find((one) => one === textOf(value));
  if (found === undefined) throw wrongSpot(value, `verdict takes one of ${VERDICTS.join(', ')}.`);
  return found;
}

function codesOf({ value }: Entry): readonly string[] {
  return itemsOf(value).map((item) => {
    const text = textOf(item) ?? '';
    if (CODES.includes(text)) return text;
    const meant = nearest(text, CODES);
    throw wrongSpot(
      item,
      `there is no finding "${text}".${meant === null ? '' : ` Did you mean ${meant}?`}`,
      'All of them: shutdown-check explain',
    );
  });
}

function yesNoOf({ name, value }: Entry): boolean {
  const found = truthOf(value);
  if (found === null) throw wrongSpot(value, `${name} takes true or false.`);
  return found;
}

function exitCodeOf({ value }: Entry): number {
  const code = Number(textOf(value) ?? Number.NaN);
  if (!Number.isInteger(code) || code < 0 || code > 255)
    throw wrongSpot(value, 'exit-code takes a whole number from 0 to 255.');
  return code;
}
