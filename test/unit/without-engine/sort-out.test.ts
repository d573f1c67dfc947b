import { expect, test } from 'vitest';

import { loadScenarios } from '../../../src/scenarios.ts';
import { sortOut } from '../../../src/without-engine/sort-out.ts';

test('the built-in scenarios whose point is an image are those with another base, a memory limit or a certificate', async () => {
  const sorted = await sortOut(await loadScenarios());
  const reasons = sorted.flatMap(({ scenario, how }) => (how.kind === 'image' ? [[scenario.name, how.because]] : []));
  const others = reasons.filter(
    ([, because]) => !/^its image (brings Debian’s|is made from scratch)|^it is a roll-out/.test(because ?? ''),
  );
  expect(Object.fromEntries(others)).toEqual({
    'http2-tls-drains': 'its Dockerfile has `RUN openssl req …`',
    'https-abrupt': 'its Dockerfile has `RUN openssl req …`',
    'https-drains': 'its Dockerfile has `RUN openssl req …`',
    'out-of-memory': 'it has a memory limit',
  });
});

test('a roll-out is of containers', async () => {
  const sorted = await sortOut((await loadScenarios()).filter(({ rollout }) => rollout !== undefined));
  expect(sorted.length).toBeGreaterThan(0);
  for (const { how } of sorted) expect(how).toEqual({ kind: 'image', because: 'it is a roll-out of containers' });
});

test('one whose programs are not here says which', async () => {
  const PATH = process.env['PATH'];
  process.env['PATH'] = '';
  try {
    const [exec] = await sortOut((await loadScenarios()).filter(({ name }) => name === 'exec-form'));
    expect(exec?.how).toEqual({ kind: 'missing', because: 'node is not installed' });
  } finally {
    process.env['PATH'] = PATH;
  }
});
