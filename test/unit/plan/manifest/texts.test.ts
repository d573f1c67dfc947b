import { expect, test } from 'vitest';

import { expand } from '../../../../src/plan/manifest/expand.ts';
import { parseQuantity } from '../../../../src/plan/manifest/quantity.ts';

test.each([
  ['256Mi', 268_435_456],
  ['1G', 1e9],
  ['500m', 0.5],
  ['128974848000m', 128_974_848],
  ['1.5', 1.5],
  ['.5Ki', 512],
  ['12e6', 12_000_000],
  ['1E', 1e18],
  [2, 2],
  ['2k', 2_000],
  ['1KB', null],
  ['256mi', null],
  ['', null],
  ['much', null],
])('the quantity %j is %s', (text, want) => {
  expect(parseQuantity(text)).toBe(want);
});

test.each([
  ['postgres://$(USER)@db', 'postgres://ann@db'],
  ['$(NOBODY)', '$(NOBODY)'],
  ['$$(USER)', '$(USER)'],
  ['$$$(USER)', '$ann'],
  ['$$5', '$5'],
  ['$USER ${USER} $', '$USER ${USER} $'],
  ['$(USER', '$(USER'],
  ['$()', '$()'],
  ['$(EMPTY)', ''],
])('%s is filled in as %s, as the kubelet does', (text, want) => {
  expect(expand(text, (name) => ({ USER: 'ann', EMPTY: '' })[name])).toBe(want);
});
