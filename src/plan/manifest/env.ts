import type { Missing } from '../plan.ts';
import type { Around } from './around.ts';
import { CONFIG_NOUNS, configOf } from './config.ts';
import { expand } from './expand.ts';
import { at, type Field, isOn, isThere, items, neededText, textOf } from './field.ts';
import { type Found, valueFrom } from './value-from.ts';

/** The variables of a container, and those that it would get from elsewhere. */
interface Variables {
  readonly env: Readonly<Record<string, string>>;
  readonly missing: readonly Missing[];
  /** The names of those that have a secret in them, or what the user gave. */
  readonly secret: ReadonlySet<string>;
}

/**
 * The container's variables, in the order in which the kubelet sets them: `envFrom` first, then `env`, each of which may
 * name those before it. What they take from elsewhere is taken from the same file, or is missing.
 * Source: k8s.io/kubernetes/pkg/kubelet, makeEnvironmentVariables.
 * @throws CannotRunError for a field of another type.
 */
export function readEnv(around: Around): Variables {
  const { field } = around.container;
  const env: Record<string, string> = {};
  const missing: Missing[] = [];
  const secret = new Set(Object.keys(around.given.env ?? {}));
  for (const from of items(at(field, 'envFrom'))) {
    const found = allFrom(from, around);
    if ('what' in found) missing.push(found);
    else Object.assign(env, found.values);
    if ('values' in found && isThere(at(from, 'secretRef'))) Object.keys(found.values).forEach((of) => secret.add(of));
  }
  for (const variable of items(at(field, 'env'))) {
    const name = neededText(at(variable, 'name'));
    let isSecret = isThere(at(variable, 'valueFrom', 'secretKeyRef'));
    const found = oneOf(variable, around, (other) => {
      isSecret ||= secret.has(other);
      return around.given.env?.[other] ?? env[other];
    });
    if (found === null) continue;
    if (isSecret) secret.add(name);
    if ('value' in found) env[name] = found.value;
    else missing.push({ what: `${name} from ${found.from}`, flag: `--env ${name}=...` });
  }
  return { env, missing, secret };
}

const REFERENCES = [
  ['configMapRef', 'ConfigMap'],
  ['secretRef', 'Secret'],
] as const;

function allFrom(from: Field, around: Around): Missing | { readonly values: Readonly<Record<string, string>> } {
  const [key, kind] = REFERENCES.find(([one]) => isThere(at(from, one))) ?? REFERENCES[0];
  const reference = at(from, key);
  const name = neededText(at(reference, 'name'));
  const config = configOf(kind, name, around.objects, around.container.workload);
  if (config === null && !isOn(at(reference, 'optional'))) {
    return { what: `the variables of the ${CONFIG_NOUNS[kind]} "${name}"`, flag: '--env-file FILE' };
  }
  const prefix = textOf(at(from, 'prefix')) ?? '';
  const named = Object.entries(config ?? {}).map(([of, value]) => [prefix + of, value] as const);
  // As the kubelet does: what can be no name of a variable is left out.
  return { values: Object.fromEntries(named.filter(([of]) => /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(of))) };
}

function oneOf(variable: Field, around: Around, valueOf: (name: string) => string | undefined): Found {
  const value = textOf(at(variable, 'value')) ?? '';
  const from = at(variable, 'valueFrom');
  return value !== '' || !isThere(from) ? { value: expand(value, valueOf) } : valueFrom(from, around);
}
