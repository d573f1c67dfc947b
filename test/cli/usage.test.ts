import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function start(args: readonly string[], nodeArgs: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...nodeArgs, CLI, ...args], (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('help', () => {
  test.each([[['--help']], [[]], [['-h']], [['help']]])('%j teaches how to start', async (args) => {
    const { exitCode, stdout, stderr } = await start(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/Usage:[^]*shutdown-check run nginx[^]*shutdown-check exec -- npm start[^]*Exit codes:/);
  });

  test.each([
    [
      ['run', '--help'],
      ['Usage: shutdown-check run <target>', 'Examples:', '--grace TIME', 'Default: 10s', 'Exit codes:'],
    ],
    [['help', 'run'], ['Usage: shutdown-check run <target>']],
    [['run', '.', '--grace', '7', '-h'], ['Usage: shutdown-check run <target>']],
    [
      ['exec', '--help'],
      ['Usage: shutdown-check exec [flags] -- command args...', 'Examples:', 'exec or run:', 'Exit codes:'],
    ],
    [
      ['budget', '--help'],
      ['Usage: shutdown-check budget <target>', 'Examples:', '--runs N', '--rates N,N', 'How sure it is:', '1 - p^n'],
    ],
    [
      ['rollout', '--help'],
      ['Usage: shutdown-check rollout <target>', 'Examples:', '--replicas N', '--balancer HAPROXY', 'What counts:'],
    ],
    [
      ['scenarios', '--help'],
      ['Usage: shutdown-check scenarios', '--parallel N', 'four times the cores', '--engine ENGINE'],
    ],
    [
      ['lint', '--help'],
      ['Usage: shutdown-check lint <Dockerfile|folder>', 'Examples:', '--build-target STAGE', 'Exit codes:'],
    ],
  ])('%j tells the command', async (args, wants) => {
    const { exitCode, stdout } = await start(args);
    expect(exitCode).toBe(0);
    expect(wants.filter((want) => !stdout.includes(want))).toEqual([]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test.each(['run', 'exec', 'budget', 'rollout'])('%s --help loads none of the libraries', async (command) => {
    const hook = 'process.on("exit", () => console.error(process.moduleLoadList.join(" ")))';
    const { stderr } = await start(
      [command, '--help'],
      ['--import', `data:text/javascript,${encodeURIComponent(hook)}`],
    );
    expect(stderr).not.toMatch(/NativeModule (?:http|https|http2|tls|zlib|child_process)\b/);
  });
});

test('--version is the version of the package', async () => {
  expect(await start(['--version'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [['rn'], 'There is no command rn. Did you mean run?\nSee: shutdown-check --help\n'],
  [['./Dockerfile'], 'There is no command ./Dockerfile.\nTo check it: shutdown-check run ./Dockerfile\n'],
  [['toString'], 'There is no command toString.\nSee: shutdown-check --help\n'],
  [['--verbos'], 'There is no flag --verbos.\nSee: shutdown-check --help\n'],
  [['run'], 'run needs a target'],
  [['run', '.', '--manifest', 'a.yaml'], "To build . in place of the manifest's image: --manifest a.yaml --build .\n"],
  [['run', '--manifest', '/nowhere.yaml'], '--manifest /nowhere.yaml cannot be read'],
  [['run', '.', '--container', 'api'], 'container (--container) chooses one of the containers of a manifest'],
  [['run', 'a', 'b'], 'run takes one target, and was given "a" and "b".'],
  [['run', '.', '--grce', '3'], 'There is no flag --grce. Did you mean --grace?\nSee: shutdown-check run --help\n'],
  [['run', '.', '--grace', '1.5s'], 'the engine counts the grace period in whole seconds'],
  [['run', '.', '--requests', '/nowhere.json'], '--requests /nowhere.json cannot be read'],
  [['run', './nowhere/Dockerfile'], './nowhere/Dockerfile does not exist'],
  [['run', '.', '--when', 'later'], '--when cannot be "later": it takes ready, starting, or a duration'],
  [['run', '.', '--attach', 'web'], '--attach takes the place of a target, so the target "." has no place beside it.'],
  [['run', '--attach', 'web', '--env', 'A=1'], 'With --attach the container runs already, so env (--env) has no place'],
  [['run', '--attach', 'web', '--', 'ls'], 'so command (after --) has no place beside it.'],
  [['run', '--attach', 'web', '--prove'], 'shutdown-check run IMAGE --prove'],
  [['run', '--attach', './web'], '--attach cannot be "./web": it takes the name or the id of a container that runs.'],
  [['exec', '--attach', 'web', '--', 'ls'], 'exec takes no --attach: it takes a command, and no container.'],
  [['budget'], 'budget needs a target'],
  [['budget', '.', '--runs', '0'], '--runs cannot be "0": it takes a whole number from 1 to 1000.'],
  [['budget', '.', '--runs', 'some'], '--runs cannot be "some"'],
  [
    ['budget', '.', '--rates', '10,fast'],
    '--rates cannot be "10,fast": it takes a number from 0.1 to 20000, or several',
  ],
  [
    ['budget', '.', '--rate', '10'],
    'budget takes no --rate: it stops the app under several loads, which --rates names.',
  ],
  [['budget', '.', '--prove'], 'budget takes no --prove:'],
  [['budget', 'nginx:1.29', '--rates', '1,2,3', '--runs', '2'], '3 rates (--rates) need as many runs, and there are 2'],
  [['rollout'], 'rollout needs a target'],
  [['rollout', '.', '--replicas', '1'], '--replicas cannot be "1": it takes a whole number from 2 to 20.'],
  [['rollout', '.', '--prove'], 'rollout takes no --prove: `run` shows it, of one container and its one stop.'],
  [['rollout', '--attach', 'web'], 'rollout takes no --attach: it starts its replicas itself, and ends them.'],
  [['scenarios', '--parallel', '0'], '--parallel cannot be "0"'],
  [['scenarios', '--engine', 'podman'], '--engine cannot be "podman": it takes one of docker, namespace.'],
  [['scenarios', '--engine', 'namespace', 'exec-form', 'nginx'], 'its image brings Debian’s nginx'],
])('%j is bad usage: exit code 2, one message, no stack', async (args, want) => {
  const { exitCode, stdout, stderr } = await start(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(want);
  expect(stderr).not.toMatch(/^\s+at /m);
});

describe('an older Node', () => {
  const pretend = (version: string): readonly string[] => [
    '--import',
    `data:text/javascript,Object.defineProperty(process,'version',{value:'${version}'})`,
  ];

  test.each(['v18.20.0', 'v20.20.2', 'v22.21.9', 'v23.11.0', 'v25.1.0'])(
    '%s is refused in one sentence',
    async (version) => {
      const { exitCode, stderr } = await start(['--help'], pretend(version));
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: `shutdown-check needs Node ^22.22.0 || ^24.0.0 || >=26.0.0, and this is Node ${version}.\n`,
      });
    },
  );

  test.each(['v22.22.0', 'v24.0.0', 'v26.0.0', 'v27.3.1'])('%s is not', async (version) => {
    expect(await start(['--version'], pretend(version))).toMatchObject({ exitCode: 0 });
  });
});

test('a reader that closes the pipe early is no error', async () => {
  const command = `"${process.execPath}" "${CLI}" run --help | head -1; echo "\${PIPESTATUS[0]}"`;
  const output = await new Promise<string>((resolve) => {
    execFile('bash', ['-c', command], (_, stdout, stderr) => resolve(stdout + stderr));
  });
  expect(output).toBe('Usage: shutdown-check run <target> [flags] [-- command args...]\n0\n');
});
