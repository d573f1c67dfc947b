import { RANGES } from '../ranges.ts';
import { at, badField, type Field, items, numberOf, textOf } from './field.ts';

/** A TCP port that a container says it listens on. */
export interface ContainerPort {
  readonly port: number;
  readonly name: string | null;
}

/** Names that ports with the app's own traffic go by. */
const HTTP_NAMES = ['http', 'web'];

/**
 * The TCP ports of a container, in its order.
 * @throws CannotRunError for a field of another type.
 */
export function portsOf(container: Field): readonly ContainerPort[] {
  return items(at(container, 'ports'))
    .filter((one) => (textOf(at(one, 'protocol')) ?? 'TCP') === 'TCP')
    .map((one) => {
      const port = at(one, 'containerPort');
      const number = numberOf(port, RANGES.port);
      if (number === null) throw badField(port, 'a port');
      return { port: number, name: textOf(at(one, 'name')) };
    });
}

/** The port whose name says that it is asked over HTTP; null where none is called so. */
function httpPort(container: Field): ContainerPort | null {
  return portsOf(container).find(({ name }) => name !== null && HTTP_NAMES.includes(name)) ?? null;
}

/** The port that the app is asked on, as far as its ports tell: by its name, or the only one. */
export function likelyPort(container: Field): number | null {
  const ports = portsOf(container);
  const port = httpPort(container) ?? (ports.length === 1 ? ports[0] : undefined);
  return port?.port ?? null;
}

/**
 * The port that a probe or a hook asks: by number, or by the name of one of the container's.
 * @throws CannotRunError for a name that none of them has.
 */
export function portAt(field: Field, container: Field): number {
  const { value } = field;
  const named = portsOf(container).find(({ name }) => name === value);
  const number = named?.port ?? (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value);
  const checked = typeof number === 'string' ? null : numberOf({ ...field, value: number }, RANGES.port);
  if (checked !== null) return checked;
  const names = portsOf(container).flatMap(({ name }) => name ?? []);
  throw badField(
    field,
    `a port, or the name of one of the container's${names.length === 0 ? '' : ` (${names.join(', ')})`}`,
  );
}
