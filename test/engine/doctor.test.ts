import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { lookAtAddress } from '../../src/doctor/address.ts';
import { type KnownEngine, lookAtEngine } from '../../src/doctor/engine.ts';
import { lookAtProcesses } from '../../src/doctor/processes.ts';
import { lookAtRegistry } from '../../src/doctor/registry.ts';
import { connectDocker } from '../../src/engines/docker/connect.ts';
import { BASE, docker } from '../cli/support.ts';
import { PLAIN } from '../plain-container.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: KnownEngine;
beforeAll(async () => {
  const found = await lookAtEngine();
  if ('kind' in found) throw new Error(found.message);
  engine = found;
});

const SLEEP = { Image: BASE, Cmd: ['sleep', '60'], Labels: { 'shutdown-check.test': `doctor/${process.pid}` } };
const SERVER = "require('http').createServer((_, response) => response.end()).listen(3000)";

describe('what is told without a container', () => {
  test('of the address is what a container then has', async () => {
    const address = await lookAtAddress(engine);
    await using connected = await connectDocker();
    const source = { kind: 'image', reference: BASE, platform: null, pull: 'never' } as const;
    const image = await connected.prepareImage(source, () => {}, AbortSignal.timeout(30_000));
    await using target = await connected.start(image, { ...PLAIN, command: ['node', '-e', SERVER] }, [3000]);
    const via = await vi.waitFor(async () => (await target.addressOf(3000)).via, { timeout: 10_000 });
    expect(via).toBe({ own: 'container', published: 'published-port' }[address.kind as string]);
  });

  test('of the processes is what asking about one that runs comes to', async () => {
    const container = await docker.createContainer(SLEEP);
    try {
      await container.start();
      // One that others run may be the one that is asked about.
      const asked = await lookAtProcesses(engine);
      expect(asked).toMatchObject({ kind: 'asked', isHere: engine.facts.isHere });
      if (engine.facts.isHere) expect(asked).toMatchObject({ masks: true });
    } finally {
      await container.remove({ force: true });
    }
  });
});

describe('a registry', () => {
  let server: Server;
  let status = 404;
  let body = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      const isPing = request.url === '/v2/';
      response.writeHead(isPing ? 200 : status, { 'content-type': 'application/json' }).end(isPing ? '{}' : body);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  const ask = () => {
    const { port } = server.address() as AddressInfo;
    return lookAtRegistry(engine.met.dockerode, 'it', `127.0.0.1:${port}/library/shutdown-check-doctor`);
  };

  test.runIf(process.platform === 'linux').each([
    [404, 'MANIFEST_UNKNOWN', 'manifest unknown'],
    [401, 'UNAUTHORIZED', 'authentication required'],
    [403, 'DENIED', 'requested access to the resource is denied'],
  ])('that says %i, %s, has been reached', async (said, code, message) => {
    status = said;
    body = JSON.stringify({ errors: [{ code, message }] });
    expect(await ask()).toMatchObject({ kind: 'answers', registry: 'it' });
  });

  test('where nothing listens has not, and the engine says why', async () => {
    const none = await lookAtRegistry(engine.met.dockerode, 'it', '127.0.0.1:1/library/shutdown-check-doctor');
    expect(none).toMatchObject({ kind: 'fails', because: expect.stringMatching(/refused|cannot connect/i) });
  });
});
