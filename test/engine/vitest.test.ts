import { stripVTControlCharacters } from 'node:util';

import { GenericContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { checkShutdown, expectGracefulShutdown, SHUTDOWN_TIMEOUT_MS } from '../../src/vitest/index.ts';
import { type App, BASE, cleanUp, containersOf, docker, sample } from '../cli/support.ts';

vi.setConfig({ testTimeout: SHUTDOWN_TIMEOUT_MS });

/** Short: what is tested here is what becomes of a check, not how it measures. */
const SHORT = { warmupMs: 1_000, rate: 20, graceMs: 2_000 };

let drains: App;
let noHandler: App;
beforeAll(async () => {
  [drains, noHandler] = [await sample('drains'), await sample('no-handler')];
});
afterAll(cleanUp);

async function messageOf(assertion: Promise<unknown>): Promise<string> {
  return await assertion.then(
    () => expect.unreachable('it should have failed'),
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
  );
}

describe('a Dockerfile or its folder', () => {
  test('that drains meets all expectations, in one run', async () => {
    const checked = await expectGracefulShutdown(drains.folder, SHORT);
    await expect(checked).toLoseNothing();
    await expect(checked).toExitWith(0);
    expect(checked.result.runs).toHaveLength(1);
  });

  test('that does not fails with the report, which names the cause', async () => {
    const checked = expect(`${noHandler.folder}/Dockerfile`).toShutDownGracefully(SHORT);
    const message = stripVTControlCharacters(await messageOf(checked));
    expect(message).toMatch(/^FAIL {2}The stop cost \d+ requests? of [^.]+had to SIGKILL it\s+after the grace period/);
    expect(message).toMatch(/PID1_NO_HANDLER/);
    expect(message).toMatch(/Measured/);
  });

  test('may be named in the options of a run', async () => {
    await expect({ target: noHandler.folder, ...SHORT, graceMs: 1_000 }).toExitWith(137);
  });
});

describe('a started container of testcontainers', () => {
  const SERVER = `
    const server = require('http').createServer((_, response) => {
      setTimeout(() => response.setHeader('Connection', 'close').end('ok'), 100);
    });
    server.listen(3000);
    process.on('SIGTERM', () => server.close(() => process.exit(4)));
  `;
  const start = async () =>
    await new GenericContainer(BASE)
      .withCommand(['node', '-e', SERVER])
      .withLabels(drains.label === '' ? {} : Object.fromEntries([drains.label.split('=') as [string, string]]))
      .withExposedPorts(3000)
      .start();

  test('is stopped and judged, and can be stopped and removed as ever', async () => {
    vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true');
    const container = await start();
    const checked = await checkShutdown(container, SHORT);
    await expect(checked).toLoseNothing();
    await expect(checked).toExitWith(4);
    expect(await messageOf(expect(checked).toShutDownGracefully())).toMatch(/exit code 4 is not an accepted one/);
    expect((await docker.getContainer(container.getId()).inspect()).State).toMatchObject({ Status: 'exited' });
    await container.stop();
    await expect(docker.getContainer(container.getId()).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('that was checked before is refused, with how several matchers judge one check', async () => {
    vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true');
    await using container = await start();
    await expect(container).toExitWith(4, SHORT);
    const message = await messageOf(expect(container).toLoseNothing(SHORT));
    expect(message).toMatch(/does not run: it is exited \(exit code 4\)/);
    expect(message).toMatch(/\nFor several matchers, check it once: .*checkShutdown\(container\)$/);
  });
});

describe('a check that takes longer than its test', () => {
  let message = '';

  test('says so, what it was at, and how to give it more time', { timeout: 8_000 }, async () => {
    message = await messageOf(checkShutdown(drains.folder, { ...SHORT, warmupMs: 50_000 }));
    expect(message).toMatch(
      /^The check was not over when the test's time was, 8\.00 s: it was .*\.\nGive the test more/,
    );
  });

  test('leaves no container', async () => {
    expect(message).toMatch(/warm-up/);
    await vi.waitFor(async () => expect(await containersOf(drains)).toEqual([]), { timeout: 20_000 });
  });
});
