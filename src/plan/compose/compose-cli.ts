import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotRunError } from '../../errors.ts';
import { findDockerCli } from '../../image/docker-cli.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Compose reads a few files and asks no engine. */
const ANSWER_MS = 20_000;
const MOST_BYTES = 64 * 1024 ** 2;

/** The docker CLI, where it has the compose plugin; else null. Debian's docker.io has none. */
export async function findCompose(environment: Environment): Promise<string | null> {
  const cli = await findDockerCli(environment['PATH']);
  if (cli === null) return null;
  return await promisify(execFile)(cli, ['compose', 'version'], { timeout: ANSWER_MS, env: { ...environment } }).then(
    () => cli,
    () => null,
  );
}

/**
 * A compose file as compose itself reads it, services of every profile included: in its long forms, with paths absolute
 * and variables filled in. A dollar sign is `$$` in it, as in a compose file.
 * @throws CannotRunError with compose's own words where it cannot read it.
 */
export async function configOf(cli: string, file: string, environment: Environment): Promise<unknown> {
  const args = ['compose', '-f', file, 'config', '--format', 'json'];
  const env = { ...environment, COMPOSE_PROFILES: '*' };
  const options = { timeout: ANSWER_MS, maxBuffer: MOST_BYTES, env };
  const { stdout } = await promisify(execFile)(cli, args, options).catch((cause: unknown) => {
    const { stderr = '' } = cause as { readonly stderr?: string };
    const detail = stderr.split('\n').filter((line) => line.trim() !== '');
    throw new CannotRunError(`docker compose cannot read ${file}.`, { detail, cause });
  });
  return JSON.parse(stdout) as unknown;
}
