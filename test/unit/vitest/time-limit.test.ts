import { setTimeout as delay } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { CannotRunError } from '../../../src/errors.ts';
import { type TestTask, withinTest } from '../../../src/vitest/time-limit.ts';

const LONG_MS = 30_000;

/** Something that only an abort ends, and how it was. */
function endless() {
  const seen: { aborted: boolean } = { aborted: false };
  const work = async (signal: AbortSignal): Promise<never> => {
    await delay(LONG_MS, undefined, { signal }).catch(() => {});
    seen.aborted = signal.aborted;
    throw signal.reason;
  };
  return { seen, work };
}

const lateOf = (task: TestTask | undefined, work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> =>
  withinTest(task, () => 'warming up', work).then(
    () => expect.unreachable('it should have been too late'),
    (error: unknown) => error,
  );

const beganAgo = (agoMs: number): TestTask['result'] => ({ startTime: Date.now() - agoMs });

test.each([
  ['a test that has no limit', { timeout: 0 }],
  ['a limit that is none', { timeout: Infinity }],
  ['a hook, of which nothing is known', undefined],
  ['a test with time enough', { timeout: LONG_MS, result: beganAgo(0) }],
] as const)('what is done in %s is given back', async (_, task) => {
  expect(
    await withinTest(
      task,
      () => '',
      () => delay(20, 'done'),
    ),
  ).toBe('done');
});

test('what fails by itself fails as it did', async () => {
  const error = await lateOf({ timeout: LONG_MS }, () => Promise.reject(new Error('no such image')));
  expect(error).toMatchObject({ message: 'no such image' });
});

test('what takes longer is aborted before the time is over, and told of with what it was at', async () => {
  const { seen, work } = endless();
  const error = await lateOf({ timeout: 1_000, result: beganAgo(200) }, work);
  expect(error).toBeInstanceOf(CannotRunError);
  expect(error).toMatchObject({ message: expect.stringMatching(/the test's time was, 1\.00 s: it was warming up\.$/) });
  expect(seen.aborted).toBe(true);
});

test('what cannot be called off in time does not keep the failure from being told', async () => {
  const error = await lateOf({ timeout: 500 }, () => delay(LONG_MS, null, { ref: false }));
  expect(error).toBeInstanceOf(CannotRunError);
});

test('of a test that is tried again the first start does not count', async () => {
  const result = { startTime: Date.now() - LONG_MS, retryCount: 1 };
  expect(
    await withinTest(
      { timeout: LONG_MS, result },
      () => '',
      () => delay(20, 'done'),
    ),
  ).toBe('done');
});

test('when vitest gives the test up, so is what it does', async () => {
  const { seen, work } = endless();
  const given = new AbortController();
  const error = lateOf({ timeout: LONG_MS, context: { signal: given.signal } }, work);
  given.abort(new Error('cancelled'));
  expect(await error).toMatchObject({ message: 'cancelled' });
  expect(seen.aborted).toBe(true);
});
