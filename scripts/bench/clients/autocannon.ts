import { EventEmitter, once } from 'node:events';

import autocannon from 'autocannon';

import { FULL_WARM_MS, MEASURE_MS, type Measured, WARM_MS } from '../jobs.ts';
import { startStopwatch } from './stopwatch.ts';

/** autocannon counts in whole seconds. */
const TICK_MS = 1000;

/**
 * autocannon in this process, measured between two of its own ticks. Without a rate it runs as fast as it can.
 * At a rate it sends in bursts, so what is counted is right only over whole seconds; these are.
 */
export async function measureAutocannon(
  port: number,
  connections: number,
  ratePerSecond: number | null,
): Promise<Measured> {
  const warmMs = ratePerSecond === null ? FULL_WARM_MS : WARM_MS;
  const instance = autocannon(
    {
      url: `http://127.0.0.1:${port}`,
      connections,
      pipelining: 1,
      duration: Math.ceil(warmMs / TICK_MS) + MEASURE_MS / TICK_MS + 1,
      ...(ratePerSecond === null ? {} : { overallRate: ratePerSecond }),
    },
    () => {},
  );
  if (!(instance instanceof EventEmitter)) throw new TypeError('autocannon gave no instance');
  const ticks = async (count: number): Promise<number> => {
    let requests = 0;
    for (let n = 0; n < count; n++) {
      const [{ counter }] = (await once(instance, 'tick')) as [{ counter: number }];
      requests += counter;
    }
    return requests;
  };
  await ticks(Math.ceil(warmMs / TICK_MS));
  const stopwatch = startStopwatch();
  const requests = await ticks(MEASURE_MS / TICK_MS);
  return { ...stopwatch(), requests, faults: 0, lateness: null };
}
