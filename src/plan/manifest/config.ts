import { at, type Field, namedTexts, textOf } from './field.ts';
import type { Workload } from './workloads.ts';

/** Where variables are kept that a container takes by reference. */
export type ConfigKind = 'ConfigMap' | 'Secret';

/** What a kind is called in a sentence. */
export const CONFIG_NOUNS: Readonly<Record<ConfigKind, string>> = { ConfigMap: 'ConfigMap', Secret: 'secret' };

/** The texts of a ConfigMap or a Secret by key; null where the manifest does not have it. */
export function configOf(
  kind: ConfigKind,
  name: string,
  objects: readonly Field[],
  { namespace }: Workload,
): Readonly<Record<string, string>> | null {
  const found = objects.find((object) => {
    const own = textOf(at(object, 'metadata', 'namespace'));
    const isNear = own === null || namespace === null || own === namespace;
    return isNear && textOf(at(object, 'kind')) === kind && textOf(at(object, 'metadata', 'name')) === name;
  });
  if (found === undefined) return null;
  const data = namedTexts(at(found, 'data'));
  return kind === 'ConfigMap' ? data : { ...decoded(data), ...namedTexts(at(found, 'stringData')) };
}

function decoded(data: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]),
  );
}
