import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CannotRunError, messageOf } from '../../errors.ts';
import { parseDotenv } from './dotenv.ts';
import type { Variables } from './interpolate.ts';
import { entriesAt, isEmpty, isMap, itemsAt, type Spot, textAt, under, wrong, yesNoAt } from './spot.ts';

/**
 * The variables of a container: those of its `env_file`, and over them those of `environment`.
 * @param folder that paths are relative to
 * @throws CannotRunError for a file that cannot be read or a value that is none.
 */
export async function environmentOf(
  service: Spot,
  folder: string,
  variables: Variables,
): Promise<Readonly<Record<string, string>>> {
  const values: Record<string, string> = {};
  for (const { file, isRequired } of envFilesOf(under(service, 'env_file'))) {
    Object.assign(values, await readEnvFile(path.resolve(folder, file), file, isRequired, variables));
  }
  return { ...values, ...pairsAt(under(service, 'environment'), variables) };
}

interface EnvFile {
  readonly file: string;
  readonly isRequired: boolean;
}

function envFilesOf(spot: Spot): readonly EnvFile[] {
  const items = Array.isArray(spot.value) ? itemsAt(spot) : isEmpty(spot) ? [] : [spot];
  return items.map((item) => {
    if (!isMap(item.value)) return { file: textAt(item, 'the path of a file') ?? '', isRequired: true };
    const file = textAt(under(item, 'path'), 'the path of a file');
    if (file === null) throw wrong(item, 'the path of a file, or a map with one as `path`');
    return { file, isRequired: yesNoAt(under(item, 'required')) ?? true };
  });
}

async function readEnvFile(
  absolute: string,
  file: string,
  isRequired: boolean,
  variables: Variables,
): Promise<Readonly<Record<string, string>>> {
  try {
    return parseDotenv(await readFile(absolute, 'utf8'), file, variables);
  } catch (cause) {
    if (cause instanceof CannotRunError) throw cause;
    if (!isRequired) return {};
    throw new CannotRunError(`env_file ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/**
 * `KEY: value` or `- KEY=value`, as `environment` and `build.args` have them. A KEY alone takes its value from `variables`;
 * where that has none it is left out.
 * @throws CannotRunError for a value that is none.
 */
export function pairsAt(spot: Spot, { get }: Variables): Readonly<Record<string, string>> {
  const pairs = Array.isArray(spot.value)
    ? itemsAt(spot).map((item) => pairOf(textAt(item, 'KEY=VALUE') ?? ''))
    : entriesAt(spot, 'a map, or a list of KEY=VALUE').map(([name, value]) => [name, textAt(value)] as const);
  const filled = pairs.map(([name, value]) => [name, value ?? get(name)] as const);
  return Object.fromEntries(filled.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

function pairOf(text: string): readonly [string, string | null] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
}
