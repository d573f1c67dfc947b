import { describe, expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/plan/durations.ts';
import { nearest } from '../../../src/plan/nearest.ts';
import { normaliseSignal } from '../../../src/plan/signals.ts';
import { parseBytes } from '../../../src/plan/sizes.ts';

describe('parseDuration', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['1m', 60_000],
    ['1m30s', 90_000],
    ['2h', 7_200_000],
    ['90', 90_000],
    ['1.5s', 1_500],
    ['0.2', 200],
    ['0', 0],
    ['', null],
    ['s', null],
    ['-5s', null],
    ['30 s', null],
    ['30sec', null],
    ['30s1m', null],
    ['1e3', null],
  ])('reads "%s" as %s ms', (text, want) => {
    expect(parseDuration(text)).toBe(want);
  });

  test.each([0, 1, 500, 1_000, 1_500, 60_000, 90_000, 3_600_000, 86_400_000])('reads back its own %i ms', (ms) => {
    expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});

test.each([
  ['256m', 268_435_456],
  ['1g', 1_073_741_824],
  ['1GiB', 1_073_741_824],
  ['1.5k', 1_536],
  ['1024', 1_024],
  ['12b', 12],
  ['m', null],
  ['-1m', null],
  ['1x', null],
])('a size of "%s" is %s bytes', (text, want) => {
  expect(parseBytes(text)).toBe(want);
});

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['quit', 'SIGQUIT'],
  ['sigusr1', 'SIGUSR1'],
  ['15', 'SIGTERM'],
  ['28', 'SIGWINCH'],
])('the signal "%s" is %s', (text, want) => {
  expect(normaliseSignal(text, '--stop-signal')).toBe(want);
});

test.each(['SIGNOPE', '', '0', '99', 'SIG'])('"%s" is no signal', (text) => {
  expect(() => normaliseSignal(text, '--stop-signal')).toThrow('--stop-signal cannot be');
});

test.each([
  ['grce', 'grace'],
  ['warm', 'warmup'],
  ['min-inflight', 'min-in-flight'],
  ['xyzzy', null],
])('the name nearest to "%s" is %s', (word, want) => {
  expect(nearest(word, ['grace', 'warmup', 'min-in-flight', 'image'])).toBe(want);
});
