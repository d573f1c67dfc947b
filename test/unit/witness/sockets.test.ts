import { expect, test } from 'vitest';

import { keep, pauseAfter, type SeenSockets } from '../../../src/witness/sockets.ts';

const table = (port: number) => ({ listening: [port], connections: [] });

test('a reading like the last one only says how long it was so', () => {
  const kept: SeenSockets[] = [];
  keep(kept, table(1), 0, 3);
  keep(kept, table(1), 25, 28);
  keep(kept, table(2), 50, 53);
  expect(kept).toEqual([
    { ...table(1), atUs: 3, untilUs: 25 },
    { ...table(2), atUs: 53, untilUs: 50 },
  ]);
});

test('of more than 200 different readings the first and the last are kept', () => {
  const kept: SeenSockets[] = [];
  for (let nth = 0; nth < 300; nth++) keep(kept, table(nth), nth, nth);
  const ports = kept.map(({ listening }) => listening[0]);
  expect(ports).toHaveLength(200);
  expect([ports[0], ports[99], ports[100], ports[199]]).toEqual([0, 99, 200, 299]);
});

test('readings are close together at first, then far apart, and one falls right before SIGKILL', () => {
  expect(pauseAfter(0, 1, 1, 10_000)).toBe(24);
  expect(pauseAfter(2_000, 1, 1, 10_000)).toBe(249);
  expect(pauseAfter(9_900, 1, 1, 10_000)).toBe(60);
});

test('where a reading is dear it is made more seldom, and not where one only had to wait', () => {
  expect(pauseAfter(0, 20, 20, 10_000)).toBe(80);
  expect(pauseAfter(0, 20, 2, 10_000)).toBe(8);
});
