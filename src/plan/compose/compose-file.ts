import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CannotRunError, messageOf } from '../../errors.ts';
import { configOf, findCompose } from './compose-cli.ts';
import { parseDotenv } from './dotenv.ts';
import { isMap, type Spot } from './spot.ts';
import { parseYaml } from './yaml.ts';

/** A compose file that has been read, nothing of it understood yet. */
export interface ComposeFile {
  /** The whole file. Its variables are not filled in: what is not asked for may lack them. */
  readonly root: Spot;
  /** The same as it is written, where compose itself has filled in its variables too. */
  readonly written: Spot;
  /** Absolute path of the folder that its paths are relative to. */
  readonly folder: string;
  /** The value of a variable: of the environment, else of `.env`; undefined where it is not set. */
  readonly variable: (name: string) => string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a compose file: through `docker compose config` where the docker CLI has that, which merges and fills in as
 * compose does, else as YAML.
 * @throws CannotRunError where it cannot be read, or is no compose file.
 */
export async function readComposeFile(file: string, environment: Environment): Promise<ComposeFile> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  });
  const folder = path.resolve(path.dirname(file));
  const written: Spot = { value: assertCompose(parseYaml(text, file), file), path: '', file };
  const cli = await findCompose(environment);
  const value = cli === null ? written.value : await configOf(cli, file, environment);
  const dotenv = await readDotenv(path.join(folder, '.env'), environment);
  const variable = (name: string): string | undefined => environment[name] ?? dotenv[name];
  return { root: { ...written, value }, written, folder, variable };
}

async function readDotenv(file: string, environment: Environment): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return parseDotenv(text, path.basename(file), { get: (name) => environment[name], onUnset: () => {} });
}

function assertCompose(value: unknown, file: string): unknown {
  if (isMap(value) && isMap(value['services'])) return value;
  if (isMap(value) && typeof value['kind'] === 'string') {
    throw new CannotRunError(`${file} is a manifest (${value['kind']}), not a compose file.`, {
      nextStep: `Name it with --manifest: shutdown-check run --manifest ${file}`,
    });
  }
  throw new CannotRunError(`${file} is no compose file: it has no services.`, {
    nextStep: 'A compose file names what it runs under `services`.',
  });
}
