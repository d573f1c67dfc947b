import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startClock } from '../../../src/clock.ts';
import type { Target } from '../../../src/engines/engine.ts';
import { runPreStop } from '../../../src/termination/pre-stop.ts';

/** A server that takes a hook's GET and ends its connection without an answer, as a process does that ends. */
async function cuttingPort(): Promise<number> {
  const server = createServer((request) => request.socket.destroy());
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a hook that is a GET whose connection ends without an answer', () => {
  const run = async (died: Promise<unknown>) => {
    const address = { host: '127.0.0.1', port: await cuttingPort(), via: 'local' } as const;
    // A GET asks nothing of the target but its address.
    const context = { target: {} as Target, address, clock: startClock(), died };
    const plan = { kind: 'http', port: null, path: '/', headers: {}, tls: false } as const;
    return await runPreStop(plan, context, 5000, new AbortController().signal);
  };

  test('was overtaken by the end of the container, of which the engine tells a little later', async () => {
    const died = new Promise((resolve) => setTimeout(resolve, 100));
    expect(await run(died)).toMatchObject({ end: 'overtaken', because: null });
  });

  test('failed where the container lives on', async () => {
    expect(await run(new Promise(() => {}))).toMatchObject({ end: 'failed' });
  });
});
