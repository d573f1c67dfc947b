import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { answered, parseStats } from '../../../src/rollout/balancer-stats.ts';

/** Of a roll-out of two replicas, each with two requests in flight when SIGKILL came, shortly before its end. */
const RECORDED = readFileSync(new URL('fixtures/haproxy-2.6.csv', import.meta.url), 'utf8');
const NOTHING = { '1xx': 0, '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, other: 0 };

test('what users came for and were answered is counted', () => {
  const { users } = parseStats(RECORDED);
  expect(users).toEqual({
    open: 4,
    requests: 199,
    responses: { ...NOTHING, '2xx': 195, '5xx': 2 },
    userAborts: 0,
  });
  expect(answered(users)).toBe(197);
});

test('each server has its own counts, and no total passes for one', () => {
  const { servers } = parseStats(RECORDED);
  expect(Object.keys(servers)).toEqual(['r1', 'r2', 'r3', 'r4']);
  expect(servers['r1']).toEqual({
    current: 0,
    given: 45,
    connectErrors: 0,
    responseErrors: 1,
    retries: 0,
    redispatches: 7,
    serverAborts: 0,
    responses: { ...NOTHING, '2xx': 37 },
  });
});

test('every request was given to a server, once more for each time that it was sent again', () => {
  const { users, servers } = parseStats(RECORDED);
  const sum = (of: 'given' | 'redispatches' | 'retries'): number =>
    Object.values(servers).reduce((total, server) => total + server[of], 0);
  expect(sum('given') - sum('redispatches')).toBe(users.requests);
});

test('a column that a version does not have counts nothing', () => {
  const [header = '', ...lines] = RECORDED.split('\n');
  const without = [header.replace(',cli_abrt,', ',something_else,'), ...lines].join('\n');
  expect(parseStats(without).users.userAborts).toBe(0);
});

test.each([[''], ['Unknown command.\n'], ['# pxname,svname,\nother,FRONTEND,\n']])('%j is no statistics', (text) => {
  expect(() => parseStats(text)).toThrow('no statistics');
});
