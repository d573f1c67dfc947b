import { describe, expect, test } from 'vitest';

import { listenerClosedBetween, openAtEnd } from '../../../src/diagnosis/sockets.ts';
import type { SocketFacts } from '../../../src/engines/engine.ts';
import type { Observation, SocketSnapshot } from '../../../src/observation.ts';
import { observationOf, withPlan } from '../observed.ts';

const seen = (
  atMs: number,
  untilMs: number,
  listening: readonly number[],
  ...connections: readonly SocketFacts[]
): SocketSnapshot => ({ atMs, untilMs, listening, connections });
const to = (localPort: number, peer: string, state: SocketFacts['state'] = 'established'): SocketFacts => ({
  localPort,
  peer,
  state,
});
const endedAt = (atMs: number): Partial<Observation> => ({ exit: { ...observationOf().exit, atMs } });

describe('the listener closed', () => {
  test('between the last reading that showed it and the first that did not', () => {
    const sockets = [seen(2, 24, [3000, 9229]), seen(49, 700, [9229])];
    expect(listenerClosedBetween(observationOf({ sockets }))).toEqual({ fromMs: 24, byMs: 49 });
  });

  test('for good: one that came back is not closed', () => {
    const sockets = [seen(2, 24, [3000]), seen(49, 60, []), seen(75, 700, [3000])];
    expect(listenerClosedBetween(observationOf({ sockets }))).toBeNull();
  });

  test.each([
    ['it was there to the end', [seen(2, 900, [3000])]],
    ['it was never seen', [seen(2, 900, [])]],
    ['nothing was read', []],
    ['only a process that was ending showed none', [seen(2, 900, [3000]), seen(990, 988, [])]],
    ['the target had ended when it was gone', [seen(2, 900, [3000]), seen(1_200, 1_300, [])]],
  ])('not, or not that anybody knows, where %s', (_, sockets) => {
    expect(listenerClosedBetween(observationOf({ sockets }))).toBeNull();
  });

  test('on the port within the container, where the address is a published one', () => {
    const sockets = [seen(2, 24, [3000]), seen(49, 700, [])];
    const { target } = observationOf();
    const published = { ...target, address: { host: '127.0.0.1', port: 49_153, via: 'published-port' } as const };
    expect(listenerClosedBetween(observationOf({ sockets, target: published }))).toEqual({ fromMs: 24, byMs: 49 });
  });
});

describe('open at the end', () => {
  const KILLED = { ...withPlan({ graceMs: 10_000 }), ...endedAt(10_050) };

  test('is what was established in the last reading before SIGKILL, by who made the connection', () => {
    const sockets = [
      seen(2, 24, [3000, 9000], to(3000, '172.17.0.1:50000')),
      seen(
        49,
        9_900,
        [9000],
        to(3000, '172.17.0.1:50001'),
        to(3000, '172.17.0.1:50002', 'closeWait'),
        to(9000, '127.0.0.1:50003'),
        to(50_003, '127.0.0.1:9000'),
        to(41_000, '10.0.0.5:5432'),
        to(41_001, '10.0.0.5:5432'),
      ),
      seen(10_030, 10_020, []),
    ];
    expect(openAtEnd({ ...KILLED, sockets }, true)).toEqual({
      port: 3000,
      inbound: 1,
      outbound: [
        { peer: '127.0.0.1:9000', count: 1 },
        { peer: '10.0.0.5:5432', count: 2 },
      ],
    });
  });

  test('is not told where it ended by itself, or nothing was read', () => {
    const sockets = [seen(2, 24, [3000], to(3000, '172.17.0.1:50000'))];
    expect(openAtEnd({ ...KILLED, sockets }, false)).toBeNull();
    expect(openAtEnd(KILLED, true)).toBeNull();
  });

  test('is not told where nobody could look any more long before', () => {
    const sockets = [seen(2, 4_000, [3000], to(3000, '172.17.0.1:50000'))];
    expect(openAtEnd({ ...KILLED, sockets }, true)).toBeNull();
  });
});
