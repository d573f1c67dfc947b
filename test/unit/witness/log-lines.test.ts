import { expect, test } from 'vitest';

import { keepLogLines, logMatcher } from '../../../src/witness/log-lines.ts';

const line = (text: string) => ({ stream: 'stdout', text }) as const;

test('the newest 500 lines are kept, and how many were not', () => {
  const logs = keepLogLines([]);
  for (let nth = 0; nth < 700; nth++) logs.add(line(`${nth}`));
  expect(logs.lines.map(({ text }) => text)).toEqual(Array.from({ length: 500 }, (_, nth) => `${nth + 200}`));
  expect(logs.dropped).toBe(200);
});

test('older lines that match are kept longer, before the others', () => {
  const logs = keepLogLines(['^bye', 'drain(ed|ing)']);
  logs.add(line('draining'));
  logs.add(line('good bye'));
  for (let nth = 0; nth < 500; nth++) logs.add(line(`${nth}`));
  expect(logs.lines.slice(0, 2).map(({ text }) => text)).toEqual(['draining', '0']);
  expect([logs.lines.length, logs.dropped]).toEqual([501, 1]);
});

test('an app whose every line matches does not fill the memory', () => {
  const logs = keepLogLines(['.']);
  for (let nth = 0; nth < 2000; nth++) logs.add(line(`${nth}`));
  expect([logs.lines.length, logs.dropped]).toEqual([700, 1300]);
});

test('without a pattern nothing matches', () => {
  expect(logMatcher([])(line('anything'))).toBe(false);
});
