import { expect, test } from 'vitest';

import { keepLog, parseLogLine } from '../../../src/rollout/balancer-log.ts';

test.each([
  ['12 r1 -- 0 200', { row: 12, server: 'r1', ending: '--', retries: 0, status: 200 }],
  ['13 r5 -- +1 200', { row: 13, server: 'r5', ending: '--', retries: 1, status: 200 }],
  ['14 r1 SC 3 503', { row: 14, server: 'r1', ending: 'SC', retries: 3, status: 503 }],
  ['15 <NOSRV> SC 0 503', { row: 15, server: '<NOSRV>', ending: 'SC', retries: 0, status: 503 }],
  ['16 r2 CH 0 -1', { row: 16, server: 'r2', ending: 'CH', retries: 0, status: 0 }],
])('%j is told of a request', (line, told) => {
  expect(parseLogLine(line)).toEqual(told);
});

test.each([[''], ['- <NOSRV> CR 0 400'], ['[NOTICE] haproxy version is 2.6']])(
  '%j is of no request of ours',
  (line) => {
    expect(parseLogLine(line)).toBeNull();
  },
);

test('ordinary requests are counted; those that were sent again, failed or were answered with an error are kept', () => {
  let tell: (line: string) => void = () => {};
  const log = keepLog({ followLog: (onLine) => void (tell = onLine) });
  for (const line of ['0 r1 -- 0 200', '1 r2 -- 0 404', '2 r2 -- +1 200', '3 r1 -- 0 500', '4 r1 SH 0 502', 'noise'])
    tell(line);
  expect(log.requests).toBe(5);
  expect(log.odd.map(({ row }) => row)).toEqual([2, 3, 4]);
});
