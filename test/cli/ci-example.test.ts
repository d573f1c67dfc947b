import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';

import { blockAfter, spanWith } from '../ci-docs.ts';
import { cleanUp, type Ended, program, ROOT, sample, temporaryFolder } from './support.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

/** npx finds the packed program here, above the apps, where it would ask the registry otherwise. */
let above: string;
/** What a stranger has: a Dockerfile and a server, and nothing else. One stops rightly, one exits at once. */
const apps = { right: '', wrong: '' };

const ENV = {
  PATH: [path.dirname(process.execPath), path.join(ROOT, 'node_modules', '.bin'), process.env['PATH']].join(':'),
  // What `npm test` says of its own folder does not hold here.
  npm_config_local_prefix: undefined,
  npm_config_offline: 'true',
};

beforeAll(async () => {
  above = await temporaryFolder();
  await npm('pack', ['--pack-destination', above], ROOT);
  await npm(
    'install',
    ['--prefix', above, '--prefer-offline', '--no-audit', '--no-fund', await tarballIn(above)],
    above,
  );
  apps.right = await appOf('right', 'drains');
  apps.wrong = await appOf('wrong', 'abrupt-exit');
});

afterAll(cleanUp);

async function npm(command: string, args: readonly string[], cwd: string): Promise<void> {
  const env = { npm_config_local_prefix: undefined };
  const { exitCode, stdout, stderr } = await program('npm', [command, ...args], { cwd, env });
  if (exitCode !== 0) throw new Error(`npm ${command}\n${stdout}${stderr}`);
}

async function tarballIn(folder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
  return path.join(folder, `shutdown-check-${version}.tgz`);
}

async function appOf(name: string, from: string): Promise<string> {
  const { folder } = await sample(from);
  const app = path.join(above, name);
  await mkdir(app);
  for (const file of ['server.js', 'Dockerfile']) await rename(path.join(folder, file), path.join(app, file));
  return app;
}

/** A block as it stands, in the shell of a job. */
function shell(block: string, cwd: string): Promise<Ended> {
  return program('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', block], { cwd, env: ENV });
}

/** The `run` steps of the workflow that a stranger saves, those that use an action left out. */
async function workflow(cwd: string, more = ''): Promise<Ended> {
  const { jobs } = parse(blockAfter('docs/ci/github.yml')) as {
    readonly jobs: { readonly shutdown: { readonly steps: readonly { readonly run?: string }[] } };
  };
  const [run = '', none] = jobs.shutdown.steps.flatMap((step) => step.run ?? []);
  expect(none).toBeUndefined();
  return await shell(`${run}${more}`, cwd);
}

describe('the three steps of docs/ci.md, word by word', () => {
  test('with an app that stops rightly: a pass, and a job that passes and has its report', async () => {
    const tried = await shell(blockAfter('step 1'), apps.right);
    expect(tried).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^PASS /) });
    expect(await workflow(apps.right)).toMatchObject({ exitCode: 0 });
    expect(await readFile(path.join(apps.right, 'reports', 'junit.xml'), 'utf8')).toMatch(/ failures="0"/);
    expect(existsSync(path.join(apps.right, 'reports', 'result.json'))).toBe(true);
  });

  test('with one that does not: a fail with its cause, and a job that fails', async () => {
    const tried = await shell(blockAfter('step 1'), apps.wrong);
    expect(tried).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^FAIL [^]*\nCause ABRUPT_EXIT\n/) });
    expect(await workflow(apps.wrong)).toMatchObject({ exitCode: 1 });
    for (const file of ['junit.xml', 'report.html'])
      expect(await readFile(path.join(apps.wrong, 'reports', file), 'utf8')).toContain('ABRUPT_EXIT');
  });

  test('with one that cannot be mended today: a baseline, and a job that passes until it is worse', async () => {
    expect(await shell(blockAfter('step 2'), apps.wrong)).toMatchObject({ exitCode: 1 });
    expect(existsSync(path.join(apps.wrong, 'shutdown-baseline.json'))).toBe(true);
    const held = await workflow(apps.wrong, ` ${spanWith(/--fail-on regression$/)}`);
    expect(held).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Nothing is worse than it was.') });
  }, 300_000);
});

test.each([
  ['right', 0],
  ['wrong', 1],
] as const)('three lines of shell end with what came of the app that is %s: %i', async (which, exitCode) => {
  expect(await shell(blockAfter('any CI'), apps[which])).toMatchObject({ exitCode });
});

const hasRsync = (await program('rsync', ['--version'])).exitCode === 0;

describe.skipIf(!hasRsync)('the GitLab job of docs/ci.md', () => {
  /** As for a shell runner: what the runner brings is left out, and gitlab-ci-local could not pull it here. */
  async function project(app: string): Promise<string> {
    const folder = `${app}-gitlab`;
    await cp(app, folder, { recursive: true, filter: (file) => path.basename(file) !== 'reports' });
    const { shutdown } = parse(blockAfter('docs/ci/gitlab.yml')) as { readonly shutdown: Record<string, unknown> };
    const { image: _image, services: _services, variables: _variables, ...job } = shutdown;
    await writeFile(path.join(folder, '.gitlab-ci.yml'), JSON.stringify({ shutdown: job }));
    expect((await program('git', ['init', '-q'], { cwd: folder })).exitCode).toBe(0);
    expect((await program('git', ['add', '--all'], { cwd: folder })).exitCode).toBe(0);
    return folder;
  }

  const gitlab = (cwd: string, ...args: readonly string[]): Promise<Ended> =>
    program('gitlab-ci-local', ['--home', path.join(cwd, '.home'), ...args], { cwd, env: ENV });

  test('is one to the schema of GitLab, whole', async () => {
    const folder = await project(apps.right);
    await writeFile(path.join(folder, '.gitlab-ci.yml'), blockAfter('docs/ci/gitlab.yml'));
    const listed = await gitlab(folder, '--list-json');
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toContain('shutdown');
  });

  test.each([
    ['right', 0, / failures="0"/],
    ['wrong', 1, /ABRUPT_EXIT/],
  ] as const)(
    'with the app that is %s ends with %i, and its JUnit report is an artifact',
    async (which, code, report) => {
      const folder = await project(apps[which]);
      const { exitCode, stdout } = await gitlab(folder, '--shell-isolation', 'shutdown');
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: code,
        stdout: expect.stringContaining('exported artifacts'),
      });
      const artifact = path.join(folder, '.gitlab-ci-local', 'artifacts', 'shutdown', 'reports', 'junit.xml');
      expect(await readFile(artifact, 'utf8')).toMatch(report);
    },
  );
});
