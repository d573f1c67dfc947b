import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { environmentOf, type EngineAddress } from '../engines/docker/address.ts';
import { splitLines } from '../engines/lines.ts';
import { CannotRunError, messageOf } from '../errors.ts';
import { buildFailure } from './build-failure.ts';
import { BUILD_LABEL, type Build, type BuildOrder } from './build-order.ts';
import { cliMajorVersion } from './docker-cli.ts';
import { needsBuildKit } from './dockerfile.ts';
import { lastLines } from './last-lines.ts';

/** BuildKit is `docker build`'s default from here on. */
const BUILDKIT_SINCE = 23;
/** How long an interrupted CLI may take to call its builder off. */
const CLI_END_MS = 3_000;

/** Sees to it that a child process ends even if this one is killed; until its disposal. */
export type GuardChild = (pid: number) => Disposable;

/**
 * Builds with the user's own `docker build`, which knows their credential helpers, builder and BuildKit, against the
 * engine at `address`.
 */
export function cliBuilder(cli: string, address: EngineAddress, guardChild: GuardChild): Build {
  return async (order, onLine, abort) => {
    const buildKit = await buildKitSetting(cli, order);
    abort.throwIfAborted();
    const child = spawn(cli, buildArguments(order), {
      stdio: ['ignore', 'pipe', 'pipe'],
      // The address of a context is in DOCKER_HOST already.
      env: { ...process.env, DOCKER_CONTEXT: undefined, ...environmentOf(address), ...buildKit },
      windowsHide: true,
    });
    using _ = child.pid === undefined ? null : guardChild(child.pid);
    const tail = lastLines();
    const exitCode = await follow(child, abort, (line) => onLine(tail.add(line)));
    abort.throwIfAborted();
    if (exitCode !== 0) throw buildFailure(tail.all(), order.dockerfile);
  };
}

function buildArguments({ source, tag }: BuildOrder): string[] {
  return [
    'build',
    `--file=${source.dockerfile}`,
    `--tag=${tag}`,
    `--label=${BUILD_LABEL}=${tag}`,
    ...Object.entries(source.buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(source.buildTarget === null ? [] : ['--target', source.buildTarget]),
    ...(source.platform === null ? [] : ['--platform', source.platform]),
    ...(source.pull === 'always' ? ['--pull'] : []),
    // The legacy builder would leave the container of a failed RUN behind; BuildKit takes the flag and has none.
    '--force-rm',
    source.context,
  ];
}

/** An older CLI has BuildKit in it and uses it only when told to. */
async function buildKitSetting(cli: string, { dockerfile }: BuildOrder): Promise<Record<string, string>> {
  const plain = { BUILDKIT_PROGRESS: 'plain' };
  if (process.env['DOCKER_BUILDKIT'] !== undefined || !needsBuildKit(dockerfile.text)) return plain;
  const version = await cliMajorVersion(cli);
  return version !== null && version < BUILDKIT_SINCE ? { ...plain, DOCKER_BUILDKIT: '1' } : plain;
}

/** Gives out the child's lines; resolves with its exit code, null for a signal. An abort ends it. */
async function follow(child: ChildProcess, abort: AbortSignal, onLine: (line: string) => void): Promise<number | null> {
  for (const stream of [child.stdout, child.stderr]) {
    const lines = splitLines(onLine);
    stream?.on('data', (bytes: Buffer) => lines.write(bytes));
    stream?.on('end', () => lines.end());
  }
  const end = (): void => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), CLI_END_MS).unref();
  };
  abort.addEventListener('abort', end, { once: true });
  try {
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return exitCode;
  } catch (cause) {
    throw new CannotRunError(`The docker CLI cannot be run: ${messageOf(cause)}`, { cause });
  } finally {
    abort.removeEventListener('abort', end);
  }
}
