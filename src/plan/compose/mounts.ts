import { homedir } from 'node:os';
import path from 'node:path';
import type { Missing } from '../plan.ts';
import { interpolated, type Variables } from './interpolate.ts';
import { isEmpty, isMap, itemsAt, type Spot, textAt, under, wrong, yesNoAt } from './spot.ts';

/** What a container finds mounted. */
interface Mounts {
  /** As `--volume` takes them. */
  readonly volumes: readonly string[];
  readonly missing: readonly Missing[];
}

/** One of them: it is here, or it is missing, or an empty volume stands in for it. */
interface Mount {
  readonly volume: string | null;
  readonly missing: Missing | null;
}

/**
 * The volumes, tmpfs, secrets and configs of a service. Folders and files of this machine are mounted as they are; in the
 * place of a named volume the container finds an empty one, for what is in it is nobody's to try things on.
 *
 * @param service with its variables filled in
 * @param root the whole file as it stands, for what it says of secrets and configs
 * @param folder that paths are relative to
 * @throws CannotRunError for what is no mount.
 */
export function mountsOf(service: Spot, root: Spot, folder: string, variables: Variables): Mounts {
  const fileOf = ({ section }: FileKind, name: string): string | null => {
    const named = interpolated(under(under(root, section), name), variables);
    const file = textAt(under(named, 'file'), 'a path');
    return file === null ? null : absolute(file, folder);
  };
  const mounts = [
    ...itemsAt(under(service, 'volumes')).map((spot) => volumeAt(spot, folder)),
    ...tmpfsOf(under(service, 'tmpfs')),
    ...itemsAt(under(service, 'secrets')).map((spot) => fileAt(spot, SECRETS, fileOf)),
    ...itemsAt(under(service, 'configs')).map((spot) => fileAt(spot, CONFIGS, fileOf)),
  ];
  return {
    volumes: mounts.map(({ volume }) => volume).filter((volume) => volume !== null),
    missing: mounts.map(({ missing }) => missing).filter((missing) => missing !== null),
  };
}

const FORMS = 'a volume, such as ./data:/data, name:/data, /data or a map with a `target`';

function volumeAt(spot: Spot, folder: string): Mount {
  if (!isMap(spot.value)) return shortForm(spot, folder);
  const target = textAt(under(spot, 'target'), 'a path');
  if (target === null) throw wrong(spot, FORMS);
  const source = textAt(under(spot, 'source'), 'a path or a name');
  const type = textAt(under(spot, 'type')) ?? 'volume';
  if (type === 'bind' && source !== null) {
    const isReadOnly = yesNoAt(under(spot, 'read_only')) ?? false;
    return here(`${absolute(source, folder)}:${target}${isReadOnly ? ':ro' : ''}`);
  }
  if (type === 'tmpfs' || (type === 'volume' && source === null)) return here(target);
  return emptyFor(source ?? type, target);
}

function shortForm(spot: Spot, folder: string): Mount {
  const text = textAt(spot, FORMS) ?? '';
  const [source = '', target, mode] = text.split(':');
  if (target === undefined) {
    if (source.startsWith('/')) return here(source);
    throw wrong(spot, FORMS);
  }
  if (!/^[./~]/.test(source)) return emptyFor(source, target);
  return here(`${absolute(source, folder)}:${target}${mode === undefined ? '' : `:${mode}`}`);
}

function emptyFor(name: string, target: string): Mount {
  const flag = `--volume NAME:${target}`;
  return { volume: target, missing: { what: `${target} from the volume "${name}", which is empty here`, flag } };
}

/** `/run`, or `/run:size=64m`: its options matter little here. */
function tmpfsOf(spot: Spot): readonly Mount[] {
  const items = Array.isArray(spot.value) ? itemsAt(spot) : isEmpty(spot) ? [] : [spot];
  return items.map((item) => here((textAt(item, 'a path') ?? '').split(':')[0] ?? ''));
}

/** A kind of file that compose puts into a container. */
interface FileKind {
  readonly section: 'secrets' | 'configs';
  readonly noun: string;
  /** Where it is found, unless the service says otherwise. */
  readonly folder: string;
}

const SECRETS: FileKind = { section: 'secrets', noun: 'secret', folder: '/run/secrets' };
const CONFIGS: FileKind = { section: 'configs', noun: 'config', folder: '/' };

type FileOf = (kind: FileKind, name: string) => string | null;

function fileAt(spot: Spot, kind: FileKind, fileOf: FileOf): Mount {
  const { noun, folder } = kind;
  const name = textAt(isMap(spot.value) ? under(spot, 'source') : spot, `the name of a ${noun}`) ?? '';
  const named = isMap(spot.value) ? textAt(under(spot, 'target'), 'a path') : null;
  const target = path.posix.resolve(folder, named ?? name);
  const file = fileOf(kind, name);
  if (file !== null) return here(`${file}:${target}:ro`);
  return { volume: null, missing: { what: `the ${noun} "${name}" in ${target}`, flag: `--volume FILE:${target}` } };
}

function here(volume: string): Mount {
  return { volume, missing: null };
}

function absolute(source: string, folder: string): string {
  return path.resolve(folder, source.replace(/^~(?=\/|$)/, homedir()));
}
