import { expect, test } from 'vitest';

import { noOutcomes } from '../../../src/load/outcomes.ts';
import { endedBefore } from '../../../src/report/totals.ts';
import { PASS } from './fixtures/records.ts';

const preStop = { ...noOutcomes(), completed: 1 };
const requests = { ...PASS.requests, byPhase: { ...PASS.requests.byPhase, preStop } };
const { completed } = PASS.requests.byPhase.before;

test('without a hook, what ended between the begin of the stop and the signal ended before that', () => {
  expect(endedBefore({ ...PASS, requests }).completed).toBe(completed + 1);
});

test('what ended while a hook ran stands for itself', () => {
  const termination = { ...PASS.termination, preStop: { end: 'done', because: null, endedAtMs: 3_000 } } as const;
  expect(endedBefore({ requests, termination }).completed).toBe(completed);
});
