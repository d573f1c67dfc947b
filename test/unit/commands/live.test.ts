import { expect, test } from 'vitest';
import { type LiveOptions, startLive } from '../../../src/commands/live.ts';
import type { Progress } from '../../../src/progress.ts';

const STORY: readonly Progress[] = [
  { kind: 'stage', stage: 'image', text: 'building' },
  { kind: 'detail', text: '\u001b[1mStep 1/2\u001b[0m : FROM x' },
  { kind: 'load', stage: 'stop', sent: 1_234, inFlight: 3, failed: 0, graceLeftMs: 6_400 },
];

function written(options: Partial<LiveOptions>): string {
  let text = '';
  let nowMs = 0;
  const live = startLive({
    write: (more) => void (text += more),
    columns: () => 80,
    redraws: false,
    status: 'normal',
    now: () => (nowMs += 1_000),
    ...options,
  });
  for (const progress of STORY) live.onProgress(progress);
  live.end();
  live.onProgress({ kind: 'stage', stage: 'done', text: 'too late' });
  return text;
}

test('where nothing can be redrawn, each stage is a plain line', () => {
  expect(written({})).toBe('image: building\n');
});

test('verbose adds the lines of the builder, without what would steer the terminal', () => {
  expect(written({ status: 'verbose' })).toBe('image: building\n  Step 1/2 : FROM x\n');
});

test('quiet says nothing', () => {
  expect(written({ status: 'quiet' }) + written({ status: 'quiet', redraws: true })).toBe('');
});

test('on a terminal one line is drawn in place, and erased at the end', () => {
  const clear = '\r\u001b[K';
  const load = 'stop: 1,234 requests, 3 in flight, 0 failed, 7 s of grace left';
  expect(written({ redraws: true })).toBe(`${clear}image: building${clear}${load}${clear}`);
});

test('the live line is never as wide as the terminal, where it could not be erased', () => {
  const lines = written({ redraws: true, columns: () => 20 }).split('\r\u001b[K');
  expect(Math.max(...lines.map((line) => line.length))).toBe(19);
});
