import { describe, expect, test } from 'vitest';
import { parseArguments } from '../../../src/commands/arguments.ts';
import { fill } from '../../../src/commands/flag.ts';
import { flagHelp } from '../../../src/commands/help.ts';
import { RUN_FLAGS } from '../../../src/commands/run-flags.ts';
import { CannotRunError } from '../../../src/errors.ts';
import type { RunOptions } from '../../../src/plan/options.ts';

async function optionsOf(args: readonly string[]): Promise<Partial<RunOptions>> {
  const { values } = parseArguments(args, RUN_FLAGS, 'run');
  const { target: _, ...options } = await fill<RunOptions>(RUN_FLAGS, values, { target: '.' });
  return options;
}

describe('flags to options', () => {
  test.each<[string, Partial<RunOptions>]>([
    ['', {}],
    ['--manifest app.yaml --container api --build .', { manifest: 'app.yaml', container: 'api', build: '.' }],
    ['--image', { image: true }],
    ['--context ..', { context: '..' }],
    ['--build-arg A=1 --build-arg B=x=y', { buildArgs: { A: '1', B: 'x=y' } }],
    ['--build-target prod', { buildTarget: 'prod' }],
    ['--platform linux/arm64/v8', { platform: 'linux/arm64/v8' }],
    ['--pull never', { pull: 'never' }],
    ['--env A=1 --env=B=', { env: { A: '1', B: '' } }],
    ['--init', { init: true }],
    ['--memory 256m', { memoryBytes: 268_435_456 }],
    ['--cpus .5', { cpus: 0.5 }],
    ['--user 1000:1000', { user: '1000:1000' }],
    ['--entrypoint=', { entrypoint: [] }],
    ['--entrypoint sh', { entrypoint: ['sh'] }],
    ['--network net', { network: 'net' }],
    ['--volume ./a:/a --volume b:/b:ro', { volumes: ['./a:/a', 'b:/b:ro'] }],
    ['--stop-signal 3', { stopSignal: 'SIGQUIT' }],
    ['--port 3000', { port: 3000 }],
    ['--ready-path /healthz', { readyPath: '/healthz' }],
    ['--ready-timeout 1m', { readyTimeoutMs: 60_000 }],
    ['--rate auto', { rate: 'auto' }],
    ['--rate 0.5', { rate: 0.5 }],
    ['--path /a?b', { path: '/a?b' }],
    ['--method post', { method: 'POST' }],
    ['--header A:1 --header B:x:y', { headers: { A: '1', B: 'x:y' } }],
    ['--header A:1 --header A:2', { headers: { A: '1, 2' } }],
    ['--body={}', { body: '{}' }],
    ['--expect-status 200,204', { expectStatus: [200, 204] }],
    ['--request-timeout 500ms', { requestTimeoutMs: 500 }],
    ['--warmup 10', { warmupMs: 10_000 }],
    ['--connections pooled', { connections: 'pooled' }],
    ['--min-in-flight 3', { minInFlight: 3 }],
    ['--grace 1m30s', { graceMs: 90_000 }],
    ['--grace 5s --grace 7s', { graceMs: 7_000 }],
    ['--accept-exit-code 0,143', { acceptExitCodes: [0, 143] }],
    ['--strict-unread', { strictUnread: true }],
    ['--timeout 10m', { timeoutMs: 600_000 }],
  ])('%s', async (line, want) => {
    expect(await optionsOf(line.split(' ').filter(Boolean))).toEqual(want);
  });

  test('--env goes over --env-file, whichever comes first', async () => {
    process.env['SHUTDOWN_CHECK_TEST'] = 'from outside';
    expect(await optionsOf(['--env', 'A=1', '--env', 'SHUTDOWN_CHECK_TEST', '--env-file', '/dev/null'])).toEqual({
      env: { A: '1', SHUTDOWN_CHECK_TEST: 'from outside' },
    });
  });
});

describe('bad usage', () => {
  test.each([
    [['--grace', '1.5s'], '--grace cannot be "1.5s"', 'whole seconds'],
    [['--grace', '500ms'], '--grace cannot be "500ms"', 'the engine counts'],
    [['--grace', '-5'], '--grace cannot be "-5"', 'whole seconds'],
    [['--rate', 'fast'], '--rate cannot be "fast"', 'auto, or requests a second'],
    [['--rate='], '--rate cannot be empty', 'auto'],
    [['--port', '0'], '--port cannot be "0"', 'from 1 to 65535'],
    [['--memory', '1x'], '--memory cannot be "1x"', '256m'],
    [['--memory', '1k'], '--memory cannot be "1k"', 'at least 6m'],
    [['--cpus', 'two'], '--cpus cannot be "two"', 'number'],
    [['--expect-status', '200,'], '--expect-status cannot be "200,"', 'commas'],
    [['--accept-exit-code', '0x'], '--accept-exit-code cannot be "0x"', 'from 0 to 255'],
    [['--pull', 'maybe'], '--pull cannot be "maybe"', 'always, missing, never'],
    [['--path', 'orders'], '--path cannot be "orders"', 'starts with /'],
    [['--method', 'G T'], '--method cannot be "G T"', 'HTTP method'],
    [['--header', 'nope'], '--header cannot be "nope"', 'a name, a colon and a value'],
    [['--volume', 'data'], '--volume cannot be "data"', 'source:target'],
    [['--workdir', 'app'], '--workdir cannot be "app"', 'an absolute path'],
    [['--profile', 'k8s'], '--profile cannot be "k8s"', 'docker, kubernetes'],
    [['--routing-lag', 'soon'], '--routing-lag cannot be "soon"', '500ms, 30s, 1m'],
    [['--platform', 'arm'], '--platform cannot be "arm"', 'os/arch'],
    [['--warmup', 'long'], '--warmup cannot be "long"', '500ms, 30s, 1m'],
    [['--env', '=x'], '--env "=x"', 'KEY=VALUE'],
  ])('%j names the flag, the value and what it takes, with an example', async (args, named, takes) => {
    const error: unknown = await optionsOf(args).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CannotRunError);
    expect(error).toMatchObject({
      message: expect.stringContaining(named),
      nextStep: expect.stringMatching(/^For example: /),
    });
    expect((error as Error).message).toContain(takes);
  });

  test.each([
    [['--grce', '3'], 'There is no flag --grce. Did you mean --grace?'],
    [['-x'], 'There is no flag -x.'],
    [['--init=yes'], '--init takes no value, and was given "yes"'],
    [['--port'], '--port needs a value: --port N'],
    [['--env', '--init'], '--env needs a value, and "--init" follows'],
    [['--port', '--', 'sh'], '--port needs a value, and "--" follows'],
  ])('%j', (args, want) => {
    expect(() => parseArguments(args, RUN_FLAGS, 'run')).toThrow(want);
  });
});

test('what follows -- is left alone, flags included', () => {
  const { positionals, rest } = parseArguments(['.', '--init', '--', 'node', '--inspect', '--'], RUN_FLAGS, 'run');
  expect({ positionals, rest }).toEqual({ positionals: ['.'], rest: ['node', '--inspect', '--'] });
});

test('the help tells every flag, in 80 columns', () => {
  const help = flagHelp(RUN_FLAGS);
  expect(RUN_FLAGS.filter(({ name }) => !help.includes(`--${name}`))).toEqual([]);
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
