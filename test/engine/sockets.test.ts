import { expect, test, vi } from 'vitest';

import { connectDocker } from '../../src/engines/docker/connect.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import type { RunRecord } from '../../src/result.ts';
import { runOn } from '../../src/run.ts';

vi.setConfig({ testTimeout: 60_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';

const SERVER = `
  const server = require('http').createServer((_, response) => setTimeout(() => response.end('ok'), 100)).listen(3000);
  const silent = (port) => require('net').connect(port, '127.0.0.1').on('error', () => {});
`;

async function runApp(script: string): Promise<RunRecord> {
  await using engine = await connectDocker();
  const plan = await resolvePlan({
    target: BASE,
    image: true,
    command: ['node', '-e', SERVER + script],
    port: 3000,
    graceMs: 2000,
    warmupMs: 1000,
    rate: 20,
    connections: 'fresh',
  });
  return (await runOn(engine, plan)).record;
}

const causeOf = ({ findings }: RunRecord) => findings.map(({ code, message }) => ({ code, message }))[0];

test('a silent connection that a server waits for is seen in the container to the end', async () => {
  const record = await runApp(`
    setTimeout(() => silent(3000), 500);
    process.on('SIGTERM', () => server.close(() => process.exit()));
  `);
  expect(causeOf(record)).toMatchObject({ code: 'STUCK_ON_CONNECTIONS', message: expect.stringContaining('1 connec') });
});

test('a server that its database connection keeps alive is not stuck on its clients; the connection is named', async () => {
  const record = await runApp(`
    require('net').createServer(() => {}).listen(5432, () => silent(5432));
    process.on('SIGTERM', () => server.close());
  `);
  expect(causeOf(record)).toMatchObject({
    code: 'CAUSE_UNCLEAR',
    message: expect.stringContaining('a connection to 127.0.0.1:5432 was open to the end'),
  });
});

test('a handler that closes all and then never ends the process leaves no connection to blame', async () => {
  const record = await runApp(`process.on('SIGTERM', () => server.close()); setInterval(() => {}, 1000);`);
  expect(causeOf(record)).toMatchObject({
    code: 'CAUSE_UNCLEAR',
    message: expect.stringContaining('it had no connection of its own open at the end'),
  });
  const { sockets } = record.observation;
  expect(sockets[0]?.listening).toContain(3000);
  expect(sockets.at(-1)).toMatchObject({ listening: [], connections: [] });
});
