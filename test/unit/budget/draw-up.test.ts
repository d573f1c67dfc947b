import { expect, test } from 'vitest';

import { drawUp } from '../../../src/budget/draw-up.ts';
import { ASKED, BROKEN, KILLED, stop, UNCLEAR } from './stops.ts';

test('stops are put together by their load, the lightest first, and all of them', () => {
  const stops = [15, 30, 7.5, 15].map((ratePerSecond, nth) => stop({ ratePerSecond, exit: 100 * (nth + 1) }));
  const budget = drawUp(stops, ASKED);
  expect(budget.loads.map(({ ratePerSecond, stops: many, exit }) => [ratePerSecond, many, exit.maxMs])).toEqual([
    [7.5, 1, 300],
    [15, 2, 400],
    [30, 1, 200],
  ]);
  expect(budget.all).toMatchObject({ ratePerSecond: null, stops: 4, exit: { minMs: 100, maxMs: 400 } });
  expect(budget).toMatchObject({ graceMs: 30_000, givenMs: 120_000, hook: 'sleep:3s', others: [] });
  expect(JSON.parse(JSON.stringify(budget))).toEqual(budget);
});

test('what was not measured counts neither for the times nor for how sure they are, and is told by its cause', () => {
  const budget = drawUp([BROKEN, UNCLEAR, stop(), BROKEN], ASKED);
  expect(budget.all.stops).toBe(1);
  expect(budget.confidence?.stops).toBe(1);
  expect(budget.others).toEqual([
    { worth: 'broken', why: 'ABRUPT_EXIT', stops: 2 },
    { worth: 'unclear', why: 'NOTHING_IN_FLIGHT', stops: 1 },
  ]);
});

test('with a stop that was cut there is no bound to be sure of', () => {
  const budget = drawUp([stop(), KILLED], { ...ASKED, ended: { kind: 'killed' } });
  expect(budget.all).toMatchObject({ stops: 2, exit: { minMs: 250, maxMs: null, cut: 1 } });
  expect(budget).toMatchObject({ confidence: null, advice: { kind: 'noBound' } });
});

test('where nothing is routed to it there is no lag', () => {
  const plan = { ...ASKED.plan, load: { kind: 'none', connections: 'both' } } as const;
  expect(drawUp([stop({ ratePerSecond: null })], { ...ASKED, plan }).routingLagMs).toBe(0);
});
