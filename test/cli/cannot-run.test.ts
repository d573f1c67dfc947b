import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';

import {
  app,
  BASE,
  cleanUp,
  containersOf,
  dockerfile,
  type App,
  sample,
  server,
  shutdownCheck,
  temporaryFolder,
} from './support.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);

const ANSWERS = server("response.end('done');");

/** What the program says when it cannot run. It says nothing else, ends with 2, and leaves nothing on the engine. */
async function refusal(args: readonly string[], app?: App, env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await shutdownCheck(['run', '--quiet', ...args], { env });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain('bug in shutdown-check');
  // A builder may take a moment to give up.
  if (app) await vi.waitFor(async () => expect(await containersOf(app)).toEqual([]), { timeout: 10_000 });
  return stderr;
}

describe.concurrent('no target', () => {
  test('where the path does not exist', async () => {
    expect(await refusal(['./no/such/folder'])).toMatch(
      /^\.\/no\/such\/folder does not exist \(looked in .+\)\.\nName /,
    );
  });

  test('where the folder has no Dockerfile, with the files that look like one', async () => {
    const folder = await temporaryFolder();
    expect(await refusal([folder])).toContain(`There is no Dockerfile in the folder ${folder}.\n`);
    await writeFile(path.join(folder, 'api.Dockerfile'), `FROM ${BASE}\n`);
    const lookAlike = path.join(folder, 'api.Dockerfile');
    expect(await refusal([folder])).toContain(`\n  ${lookAlike}\nName the file: shutdown-check run ${lookAlike}\n`);
  });

  test('where the image is not there and must not be pulled', async () => {
    expect(await refusal(['shutdown-check/nosuch:1', '--pull', 'never'])).toContain('shutdown-check/nosuch:1');
  });
});

describe.concurrent('a build that fails', () => {
  test('on a line that is no Dockerfile names the line', async () => {
    const broken = await app({ Dockerfile: `FROM ${BASE}\nFRM scratch\n` });
    // The line after FROM is the mark of these tests.
    const said = await refusal([broken.folder], broken);
    expect(said).toMatch(/Dockerfile:3 does not build: FRM scratch\n/);
    expect(said).toMatch(/unknown instruction: FRM/i);
  });

  test('in a RUN names it, with the last lines of the builder', async () => {
    const script = 'for n in 1 2 3; do echo "step $n of 3"; done; echo "no such module" >&2; exit 7';
    const failing = await app({ Dockerfile: `FROM ${BASE}\nWORKDIR /app\nRUN ${script}\n` });
    const said = await refusal([failing.folder], failing);
    expect(said).toContain(`Dockerfile:4 does not build: RUN ${script}\n`);
    expect(said).toMatch(/step 3 of 3[^]*no such module/);
    expect(said).toMatch(/\b7\b/);
    expect(said.split('\n').length).toBeLessThan(30);
  });

  test('in a COPY of something that is not there names it', async () => {
    const failing = await app({ Dockerfile: `FROM ${BASE}\nCOPY nosuch.js ./\n` });
    const said = await refusal([failing.folder], failing);
    expect(said).toContain('Dockerfile:3 does not build: COPY nosuch.js ./\n');
  });
});

describe.concurrent('no port', () => {
  test('without EXPOSE names the one that something listens on', async () => {
    const target = await app({ Dockerfile: dockerfile(), 'server.mjs': ANSWERS });
    const said = await refusal([target.folder], target);
    expect(said).toContain('The image exposes no port');
    expect(said).toContain('something listens on 3000.');
    expect(said).toContain('`--port 3000`');
  });

  test('with several EXPOSE lists them, and proposes the one that something listens on', async () => {
    const target = await app({ Dockerfile: dockerfile('EXPOSE 9090 3000'), 'server.mjs': ANSWERS });
    const said = await refusal([target.folder], target);
    expect(said).toContain('The image exposes 3000, 9090,');
    expect(said).toContain('`--port 3000` (candidates: 3000, 9090)');
  });

  test('without EXPOSE, of a container that exits at once, is not the news: its exit code and its log are', async () => {
    const target = await app({
      Dockerfile: dockerfile(),
      'server.mjs': "console.error('no DATABASE_URL'); process.exit(3);",
    });
    const said = await refusal([target.folder], target);
    expect(said).toContain('exit code 3');
    expect(said).toContain('stderr: no DATABASE_URL');
  });
});

describe.concurrent('a container that', () => {
  // The last line has no end.
  const exiting = "console.log('connecting'); process.stderr.write('no DATABASE_URL'); process.exitCode = 3;";

  test('exits at once is shown with its exit code and its last log lines', async () => {
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': exiting });
    const said = await refusal([target.folder], target);
    expect(said).toMatch(/^The container exited before it was stopped: exit code 3\.\n/);
    expect(said).toContain('stdout: connecting\n');
    expect(said).toContain('stderr: no DATABASE_URL\n');
  });

  test('has a command that is not in the image is shown with that command', async () => {
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': ANSWERS });
    const said = await refusal([target.folder, '--', 'nosuch-command', '--now'], target);
    expect(said).toContain('does not start');
    expect(said).toContain('["nosuch-command","--now"]');
  });

  test('does not listen in time is shown with what kept it, and its log', async () => {
    const silent = "console.log('still waiting'); setInterval(() => {}, 1000);";
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': silent });
    const said = await refusal([target.folder, '--ready-timeout', '2s'], target);
    expect(said).toMatch(/^The container was not ready within 2 s: http:.*ECONNREFUSED/);
    expect(said).toContain('stdout: still waiting\n');
    expect(said).toContain('--ready-timeout');
  });

  test('answers badly until the time is up is shown with what it answered', async () => {
    const failing = server("response.statusCode = 503; response.end('wait');");
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': failing });
    const said = await refusal([target.folder, '--ready-timeout', '2s', '--ready-path', '/ready'], target);
    expect(said).toMatch(/^The container was not ready within 2 s: \/ready answers 503\.\n/);
  });

  test('never gets healthy is shown with what its health check said', async () => {
    const check =
      'HEALTHCHECK --interval=1s --retries=1 CMD ["node", "-e", "console.log(\'no cache\'); process.exit(1)"]';
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000', check), 'server.mjs': ANSWERS });
    const said = await refusal([target.folder, '--ready-timeout', '6s'], target);
    expect(said).toMatch(/^The container was not ready within 6 s: its health check says unhealthy \(no cache\)\.\n/);
  });

  test('exits in the warm-up is shown with its exit code and its last log lines', async () => {
    const leaving = server(
      "response.end('done');",
      "setTimeout(() => { console.log('enough'); process.exit(4); }, 3000);",
    );
    const target = await app({ Dockerfile: dockerfile('EXPOSE 3000'), 'server.mjs': leaving });
    const said = await refusal([target.folder, '--warmup', '40s'], target);
    expect(said).toMatch(/^The container exited before it was stopped: exit code 4\.\n/);
    expect(said).toContain('stdout: enough\n');
  });
});

describe.concurrent('the run', () => {
  test('without an engine says which address does not answer, and how to start one', async () => {
    const said = await refusal([BASE], undefined, { DOCKER_HOST: 'unix:///nonexistent.sock' });
    expect(said).toMatch(/^No engine answers at unix:\/\/\/nonexistent\.sock \(DOCKER_HOST\)/);
    expect(said).toMatch(/systemctl start docker.*Docker Desktop.*colima start/);
    expect(said).toContain('\nWhat this machine has for a check: shutdown-check doctor\n');
  });

  test.runIf(process.platform === 'linux')(
    'without an engine offers exec, of the Dockerfile’s own command',
    async () => {
      const env = { DOCKER_HOST: 'unix:///nonexistent.sock' };
      expect(await refusal([BASE], undefined, env)).toMatch(/ without one: shutdown-check exec -- npm start\n$/);
      const said = await refusal(['sample-apps/drains/shell-form.Dockerfile'], undefined, env);
      expect(said).toMatch(/\n {2}cd sample-apps\/drains && shutdown-check exec -- \/bin\/sh -c 'node server\.js'\n$/);
    },
  );

  test('that takes longer than --timeout ends, and names it', async () => {
    const target = await sample('drains');
    const said = await refusal([target.folder, '--warmup', '1m', '--timeout', '6s'], target);
    expect(said).toMatch(/^The run took longer than 6s\.\n.*`--timeout`/);
  });

  test('that takes longer than --timeout in its build ends too', async () => {
    const target = await app({ Dockerfile: `FROM ${BASE}\nRUN sleep 50\n` });
    const said = await refusal([target.folder, '--timeout', '3s'], target);
    expect(said).toMatch(/^The run took longer than 3s\.\n.*`--timeout`/);
  });

  test('in a network that does not exist names it, and how to list them', async () => {
    const target = await sample('drains');
    const said = await refusal([target.folder, '--network', 'nosuch-network'], target);
    expect(said).toContain('network nosuch-network not found');
    expect(said).toContain('`docker network ls`');
  });

  test('with a fraction of a second of grace is refused with the reason', async () => {
    const said = await refusal(['.', '--grace', '1.5']);
    expect(said).toMatch(/^--grace cannot be "1\.5": .*the engine counts the grace period in whole seconds/);
  });
});
