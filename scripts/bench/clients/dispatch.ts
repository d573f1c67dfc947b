import { setTimeout as delay } from 'node:timers/promises';

import { Client, type Dispatcher } from 'undici';

import { MEASURE_MS, type Measured, FULL_WARM_MS } from '../jobs.ts';
import { startStopwatch } from './stopwatch.ts';

/** The least that undici can be asked to do: on each connection the next request once the last is answered, no records. */
export async function measureDispatch(port: number, connections: number): Promise<Measured> {
  let requests = 0;
  let goesOn = true;
  const clients = Array.from({ length: connections }, () => {
    const client = new Client(`http://127.0.0.1:${port}`, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    const options = { path: '/', method: 'GET' } as const;
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart() {},
      onResponseData() {},
      onResponseEnd() {
        requests++;
        if (goesOn) client.dispatch(options, handler);
      },
      onResponseError(_controller, error) {
        if (goesOn) throw error;
      },
    };
    client.dispatch(options, handler);
    return client;
  });
  await delay(FULL_WARM_MS);
  requests = 0;
  const stopwatch = startStopwatch();
  await delay(MEASURE_MS);
  const measured = { ...stopwatch(), requests, faults: 0, lateness: null };
  goesOn = false;
  await Promise.all(clients.map((client) => client.destroy()));
  return measured;
}
