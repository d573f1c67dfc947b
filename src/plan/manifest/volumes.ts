import type { FromFile } from '../from-file.ts';
import type { Missing } from '../plan.ts';
import { at, badField, type Field, isOn, isThere, items, neededText, textOf } from './field.ts';
import type { Container } from './workloads.ts';

/** What is mounted: an empty folder, or what only a cluster has, in words that continue "/path from …". */
type Content = 'empty' | { readonly from: string };

/**
 * What is mounted into a container. Volumes that begin empty are here too; of what others hold only the place is known.
 * @throws CannotRunError for a field of another type.
 */
export function readVolumes({ field, workload }: Container): FromFile {
  const volumes: string[] = [];
  const missing: Missing[] = [];
  for (const mount of items(at(field, 'volumeMounts'))) {
    const path = mountPath(at(mount, 'mountPath'));
    const content = contentOf(neededText(at(mount, 'name')), workload.spec);
    if (content === 'empty') volumes.push(path);
    else missing.push({ what: `${path} from ${content.from}`, flag: `--volume SOURCE:${path}` });
  }
  return { options: volumes.length === 0 ? {} : { volumes }, missing };
}

/** What two containers of a pod have in common: volumes that begin empty, of which here each has one of its own. */
export function missingBetween(one: Container, other: Container): readonly Missing[] {
  const names = (container: Container): readonly string[] =>
    items(at(container.field, 'volumeMounts')).map((mount) => neededText(at(mount, 'name')));
  const shared = names(one).filter(
    (name) => contentOf(name, one.workload.spec) === 'empty' && names(other).includes(name),
  );
  return shared.map((name) => ({ what: `one volume "${name}" with "${other.name}"`, flag: null }));
}

function mountPath(field: Field): string {
  const path = neededText(field);
  if (path.startsWith('/') && !path.includes(':')) return path;
  throw badField(field, 'an absolute path without a colon');
}

/** A volume that the pod does not name is one of the StatefulSet's claims. */
function contentOf(name: string, spec: Field): Content {
  const volume = items(at(spec, 'volumes')).find((one) => textOf(at(one, 'name')) === name);
  if (volume === undefined) return { from: `the volume claim "${name}"` };
  const kind = Object.keys(volume.value as object).find((key) => key !== 'name' && isThere(at(volume, key)));
  // Kubernetes takes a volume of no kind for an emptyDir.
  if (kind === undefined || kind === 'emptyDir' || kind === 'ephemeral') return 'empty';
  return isOn(at(volume, kind, 'optional')) ? 'empty' : { from: wordsFor(at(volume, kind), kind, name) };
}

function wordsFor(source: Field, kind: string, name: string): string {
  switch (kind) {
    case 'configMap':
      return `the ConfigMap "${textOf(at(source, 'name')) ?? name}"`;
    case 'secret':
      return `the secret "${textOf(at(source, 'secretName')) ?? name}"`;
    case 'persistentVolumeClaim':
      return `the volume claim "${textOf(at(source, 'claimName')) ?? name}"`;
    case 'hostPath':
      return `${textOf(at(source, 'path')) ?? 'a path'} of the node`;
    default:
      return `the ${kind} volume "${name}"`;
  }
}
