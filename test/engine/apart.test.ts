import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { runApart } from '../../src/apart/run-apart.ts';
import { assess } from '../../src/assess.ts';
import { canHaveOwnNetwork } from '../../src/engines/namespace/own-network.ts';
import { descendants } from '../../src/engines/namespace/processes.ts';
import { CannotRunError, exec, type ExecOptions, type RunHooks } from '../../src/index.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';
import { resolveExecPlan } from '../../src/plan/resolve.ts';
import { canTrace, tracesOfProcess } from '../traces.ts';

vi.setConfig({ testTimeout: 60_000 });

/** So long a clean-up may take, on a busy machine too. */
const SECONDS = { timeout: 10_000, interval: 50 };
const LIBRARY = new URL('../../src/index.ts', import.meta.url).href;

const server = (name: string): readonly string[] => [
  process.execPath,
  fileURLToPath(new URL(`../../sample-apps/${name}/server.js`, import.meta.url)),
];
const DRAINS = {
  command: server('drains'),
  network: 'own',
  port: 3000,
  env: { WORK_MS: '50' },
  warmupMs: 500,
  graceMs: 3000,
} as const satisfies ExecOptions;

/** A server that drains, on a port of choice. */
const serverOn = (port: number): string => `
let stopping = false;
const server = require('node:http').createServer((_request, response) => setTimeout(() => {
  if (stopping) response.setHeader('Connection', 'close');
  response.end('done');
}, 50)).listen(${port});
process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
});`;

/** A child of ours that runs a check apart, and everything that runs by it. */
interface Family {
  readonly child: number;
  readonly members: readonly number[];
}

async function familyOf(pid: number): Promise<Family> {
  const members = (await descendants(pid)).filter((one) => one !== pid && isAlive(one));
  const child = members.find((one) => /\/apart\/child\.[jt]s/.test(commandOf(one)));
  if (child === undefined) throw new Error('There is no child that runs a check apart.');
  return { child, members: members.filter((one) => one >= child) };
}

function commandOf(pid: number): string {
  return existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
}

function isAlive(pid: number): boolean {
  // Of one that has ended and that nobody has asked after the command line is empty.
  return commandOf(pid) !== '';
}

function remains({ child, members }: Family): readonly unknown[] {
  return [...members.filter(isAlive), ...tracesOfProcess(child)];
}

/** Calls `then` with the family of this process when a run gets to a stage. */
function atStage(stage: string, then: (family: Family) => void): Required<Pick<RunHooks, 'onProgress'>> {
  let isDone = false;
  return {
    onProgress(progress) {
      if (isDone || !('stage' in progress) || progress.stage !== stage) return;
      isDone = true;
      void familyOf(process.pid).then(then);
    },
  };
}

const started = new Set<ChildProcess>();
afterEach(() => {
  for (const { pid } of started) if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
  started.clear();
});

const PROGRAM = `
const { exec } = await import('${LIBRARY}');
const abort = new AbortController();
process.on('SIGINT', () => abort.abort(new Error('interrupted by hand')));
const hooks = { signal: abort.signal, onProgress: ({ stage }) => stage && console.log(stage) };
await exec(JSON.parse(process.argv[1]), hooks).catch((error) => console.log('rejected: ' + error.message));`;

/** A program that runs a check, in a process group of its own as a shell would start it, when it gets to a stage. */
async function programAt(stage: string, options: ExecOptions) {
  const program = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, JSON.stringify(options)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.add(program);
  let output = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await vi.waitFor(() => expect(output.split('\n')).toContain(stage), { ...SECONDS, timeout: 30_000 });
  return { program, pid: program.pid ?? 0, family: await familyOf(program.pid ?? 0), output: () => output };
}

describe.skipIf(!(await canHaveOwnNetwork()))('a run in a network of its own', () => {
  test('goes side by side with another one on the same port, and with whoever has that port outside', async () => {
    await using outside = createServer().listen(0);
    await once(outside, 'listening');
    const { port } = outside.address() as AddressInfo;
    const options = { ...DRAINS, command: [process.execPath, '--eval', serverOn(port)], port };
    const both = await Promise.all([exec(options), exec(options)]);
    for (const { result } of both) {
      expect(result).toMatchObject({ verdict: 'pass', engine: { kind: 'namespace' } });
      expect(result.runs[0]?.target).toMatchObject({ address: `127.0.0.1:${port}`, via: 'local' });
    }
  });

  test('gives its record and its ledger whole', async () => {
    const { result, ledgers } = await exec({ ...DRAINS, rate: 200 });
    const [record] = result.runs;
    const [ledger] = ledgers;
    const { requests, observation } = record!;
    expect(requests.sent).toBeGreaterThan(0);
    expect(OUTCOMES.reduce((sum, outcome) => sum + requests[outcome], 0)).toBe(requests.sent);
    expect(ledger!.length).toBeGreaterThanOrEqual(requests.sent);
    expect(record).toMatchObject(assess(observation, ledger!));
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  test('has its preStop command in that network too', async () => {
    const ask = `require('node:net').connect(${DRAINS.port}, '127.0.0.1').on('connect', () => process.exit(0))`;
    const preStop = { kind: 'exec', command: [process.execPath, '-e', ask] } as const;
    const options = { ...DRAINS, profile: 'kubernetes', routingLagMs: 0, preStop } as const;
    const [run] = (await exec(options)).result.runs;
    expect(run?.observation.preStop).toMatchObject({ end: 'done', because: null });
  });

  test('is seen by the kernel as any other', async () => {
    const { result } = await exec({ ...DRAINS, kernelTrace: canTrace() ? 'on' : 'auto' });
    const { kernel } = result.runs[0]!.observation;
    expect(kernel.kind).toBe(canTrace() ? 'traced' : 'untraced');
    if (kernel.kind === 'untraced') return;
    const taken = { kind: 'taken', signal: 'SIGTERM', process: { pid: kernel.pid1 }, by: 'handler' };
    expect(kernel.events).toContainEqual(expect.objectContaining({ kind: 'exit' }));
    expect(kernel.events.find(({ kind }) => kind === 'taken')).toMatchObject(taken);
  });

  test('leaves to its command nothing of the channel to us, and the NODE_OPTIONS that we have', async () => {
    vi.stubEnv('NODE_OPTIONS', '--no-warnings');
    const command = ['sh', '-c', 'env | grep ^NODE_; ls -l /proc/self/fd; exit 3'];
    const error: unknown = await exec({ ...DRAINS, command }).catch((thrown: unknown) => thrown);
    vi.unstubAllEnvs();
    const { detail } = error as CannotRunError;
    expect(detail).toContain('stdout: NODE_OPTIONS=--no-warnings');
    expect(detail.filter((line) => /NODE_CHANNEL|socket:/.test(line))).toEqual([]);
  });

  test('that could not do its part says so here, with what to do', async () => {
    const error: unknown = await exec({ ...DRAINS, command: ['sh', '-c', 'echo no database; exit 3'] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toMatchObject({
      message: expect.stringContaining('exit code 3'),
      detail: expect.arrayContaining(['stdout: no database']),
      nextStep: expect.stringContaining('`--network host`'),
    });
  });

  test.each([
    ['in the warm-up', 'warm-up', { ...DRAINS, warmupMs: 55_000 }],
    ['in the grace period', 'stop', { ...DRAINS, command: server('no-handler'), graceMs: 55_000 }],
  ] as const)('that is aborted %s rejects with the reason, when nothing is left', async (_, stage, options) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const families: Family[] = [];
    const hooks = atStage(stage, (family) => {
      families.push(family);
      abort.abort(reason);
    });
    await expect(exec(options, { ...hooks, signal: abort.signal })).rejects.toBe(reason);
    expect(families).toHaveLength(1);
    expect(families[0]!.members.length).toBeGreaterThan(2);
    expect(families.flatMap(remains)).toEqual([]);
  });

  test('does not begin where it is aborted already', async () => {
    const reason = new Error('too late');
    const plan = await resolveExecPlan(DRAINS);
    await expect(runApart(plan, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(familyOf(process.pid)).rejects.toThrow('no child');
  });

  test('ends with what its own hook throws', async () => {
    const thrown = new Error('the hook is broken');
    const onProgress = (): never => {
      throw thrown;
    };
    await expect(exec(DRAINS, { onProgress })).rejects.toBe(thrown);
    await expect(familyOf(process.pid)).rejects.toThrow('no child');
  });

  test('ends when the program that it belongs to is killed, and nothing is left', async () => {
    const { pid, family } = await programAt('warm-up', { ...DRAINS, warmupMs: 55_000 });
    expect(family.members.length).toBeGreaterThan(2);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(remains(family)).toEqual([]), SECONDS);
  });

  test('takes no part in a Ctrl-C in the terminal, which its program answers', async () => {
    const { program, pid, family, output } = await programAt('warm-up', { ...DRAINS, warmupMs: 55_000 });
    process.kill(-pid, 'SIGINT');
    await once(program, 'close');
    expect(output()).toContain('rejected: interrupted by hand\n');
    expect(remains(family)).toEqual([]);
  });

  test('says so when its own process is killed, and takes the command with it', async () => {
    const families: Family[] = [];
    const hooks = atStage('warm-up', (family) => {
      families.push(family);
      process.kill(family.child, 'SIGKILL');
    });
    const error: unknown = await exec({ ...DRAINS, warmupMs: 55_000, kernelTrace: 'off' }, hooks).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toMatchObject({
      message: 'The process that ran the check in a network of its own ended early: SIGKILL.',
      nextStep: expect.stringContaining('--network host'),
    });
    await vi.waitFor(() => expect(families.flatMap(remains)).toEqual([]), SECONDS);
  });

  test.each([
    ['unshare', []],
    ['ip', ['unshare', 'sh']],
  ])('says what is not installed: %s', async (missing, present) => {
    const plan = await resolveExecPlan(DRAINS);
    const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
    for (const name of present) await symlink(`/usr/bin/${name}`, path.join(folder, name));
    vi.stubEnv('PATH', folder);
    const error: unknown = await runApart(plan, {}).catch((thrown: unknown) => thrown);
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toMatchObject({ message: expect.stringMatching(`\`${missing}\` \\(\\w.*\\) is not installed\\.$`) });
  });
});
