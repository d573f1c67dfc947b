import { expect, test } from 'vitest';

import { balancerConfig, type BalancerOrder } from '../../../src/rollout/balancer-config.ts';

const ORDER: BalancerOrder = {
  folder: '/tmp/here',
  port: 8080,
  servers: 6,
  retries: 3,
  requestTimeoutMs: 35_000,
  rowHeader: { name: 'x-row', isFor: 'balancer' },
};

/** Its lines, without what they are indented by. */
function linesOf(changes: Partial<BalancerOrder> = {}): readonly string[] {
  return balancerConfig({ ...ORDER, ...changes })
    .split('\n')
    .map((line) => line.trim());
}

test('users come to this machine alone, and the admin socket is for nobody else', () => {
  expect(linesOf()).toContain('bind 127.0.0.1:8080');
  expect(linesOf()).toContain('stats socket /tmp/here/admin.sock mode 600 level admin');
});

test('no server is in before it is put in, and none is asked whether it is well', () => {
  expect(linesOf()).toContain('server-template r 1-6 127.0.0.1:1 disabled');
  expect(linesOf().join('\n')).not.toMatch(/\bcheck\b|httpchk/);
});

test('the balancer has more patience than users', () => {
  const timeouts = linesOf().flatMap(
    (line) => /^timeout (client|server|http-keep-alive) (\d+)ms$/.exec(line)?.[2] ?? [],
  );
  expect(timeouts).toHaveLength(3);
  for (const timeoutMs of timeouts) expect(Number(timeoutMs)).toBeGreaterThan(ORDER.requestTimeoutMs);
});

test('how often a connection is tried again is as asked, and on another server', () => {
  expect(linesOf({ retries: 0 })).toContain('retries 0');
  expect(linesOf()).toEqual(expect.arrayContaining(['retries 3', 'option redispatch', 'balance roundrobin']));
  expect(linesOf().join('\n')).not.toContain('retry-on');
});

test('the app gets the header that tells rows only where it was asked for', () => {
  expect(linesOf()).toContain('http-request del-header x-row');
  const asked = linesOf({ rowHeader: { name: 'x-mine', isFor: 'app' } });
  expect(asked).toContain('http-request capture req.hdr(x-mine) len 8');
  expect(asked.join('\n')).not.toContain('del-header');
});
