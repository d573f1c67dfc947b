import type { Around } from './around.ts';
import { CONFIG_NOUNS, type ConfigKind, configOf } from './config.ts';
import { at, type Field, isOn, isThere, namedTexts, neededText, textOf } from './field.ts';
import { quantityOf } from './quantity.ts';
import type { Container, Workload } from './workloads.ts';

/** A variable's value; or where it comes from, which is not here; null where the variable may be left out. */
export type Found = { readonly value: string } | { readonly from: string } | null;

/**
 * What `valueFrom` comes to, as far as the manifest alone tells it.
 * @throws CannotRunError for a field of another type.
 */
export function valueFrom(from: Field, { container, objects }: Around): Found {
  const [configMap, secret] = [at(from, 'configMapKeyRef'), at(from, 'secretKeyRef')];
  if (isThere(configMap)) return fromConfig(configMap, 'ConfigMap', objects, container);
  if (isThere(secret)) return fromConfig(secret, 'Secret', objects, container);
  const [field, resource] = [at(from, 'fieldRef'), at(from, 'resourceFieldRef')];
  if (isThere(field)) return fromPod(field, container.workload);
  if (isThere(resource)) return fromResources(resource, container);
  return { from: `its ${Object.keys(from.value as object)[0] ?? 'valueFrom'}` };
}

function fromConfig(reference: Field, kind: ConfigKind, objects: readonly Field[], { workload }: Container): Found {
  const [name, key] = [neededText(at(reference, 'name')), neededText(at(reference, 'key'))];
  const config = configOf(kind, name, objects, workload);
  const value = config?.[key];
  if (value !== undefined) return { value };
  if (isOn(at(reference, 'optional'))) return null;
  const found = `the ${CONFIG_NOUNS[kind]} "${name}"`;
  return { from: config === null ? found : `${found}, which has no key "${key}"` };
}

/** What is known of a pod before there is one. A controller's pods have its name with something behind it. */
function fromPod(reference: Field, { kind, name, namespace, metadata, spec }: Workload): Found {
  const path = neededText(at(reference, 'fieldPath'));
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path) ?? [];
  if (map !== undefined && key !== undefined) return { value: namedTexts(at(metadata, map))[key] ?? '' };
  switch (path) {
    case 'metadata.name':
      return { value: kind === 'StatefulSet' ? `${name}-0` : name };
    case 'metadata.namespace':
      return { value: namespace ?? 'default' };
    case 'spec.serviceAccountName':
      return { value: textOf(at(spec, 'serviceAccountName')) ?? 'default' };
    default:
      return { from: `the pod's ${path}` };
  }
}

/** Its own limits are known; where it has none, they would be the node's. */
function fromResources(reference: Field, { field, name }: Container): Found {
  const resource = neededText(at(reference, 'resource'));
  const of = textOf(at(reference, 'containerName')) ?? name;
  const quantity = of === name ? quantityOf(at(field, 'resources', ...resource.split('.'))) : null;
  if (quantity === null) return { from: `${of === name ? 'its' : `the container "${of}"'s`} ${resource}` };
  // Kubernetes takes 0 for the default.
  const divided = quantity / (quantityOf(at(reference, 'divisor')) || 1);
  // Up to the next whole number, but not for what a computer's fractions add.
  return { value: String(Math.ceil(Math.round(divided * 1e6) / 1e6)) };
}
