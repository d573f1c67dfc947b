/** What a value has to be: of a kind (with `?` also null or left out), a list of such, an object, that where it is there, or what hangs on the value. */
export type Shape =
  | Kind
  | `${Kind}?`
  | readonly [Shape]
  | readonly ['where there', Shape]
  | readonly ['or null', Shape]
  | { readonly [name: string]: Shape }
  | ((value: unknown) => Shape);
type Kind = 'text' | 'number' | 'boolean' | 'record' | 'list';

/** What keeps a value from having a shape, as `runs[0].plan is missing`; null where nothing does. `at`: where it is. */
export function wrongIn(value: unknown, shape: Shape, at: string): string | null {
  if (typeof shape === 'string') return wrongKind(value, shape, at);
  if (typeof shape === 'function') return wrongIn(value, shape(value), at);
  if (isOptional(shape)) return isLeftOut(value, shape[0]) ? null : wrongIn(value, shape[1], at);
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape];
    return (
      wrongKind(value, 'list', at) ?? firstWrong((value as unknown[]).map((one, nth) => [one, item, `${at}[${nth}]`]))
    );
  }
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
  return (
    wrongKind(value, 'record', at) ??
    firstWrong(
      fields.map(([name, field]) => [
        (value as Readonly<Record<string, unknown>>)[name],
        field,
        at === '' ? name : `${at}.${name}`,
      ]),
    )
  );
}

type Optional = Extract<Shape, readonly [string, Shape]>;

function isOptional(shape: Shape): shape is Optional {
  return Array.isArray(shape) && shape.length === 2;
}

function isLeftOut(value: unknown, how: Optional[0]): boolean {
  return value === (how === 'or null' ? null : undefined);
}

function firstWrong(parts: readonly (readonly [unknown, Shape, string])[]): string | null {
  for (const [value, shape, at] of parts) {
    const wrong = wrongIn(value, shape, at);
    if (wrong !== null) return wrong;
  }
  return null;
}

const NOUNS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  record: 'an object',
  list: 'a list',
};

function wrongKind(value: unknown, shape: Kind | `${Kind}?`, at: string): string | null {
  const kind = shape.replace('?', '') as Kind;
  if (value === undefined || value === null) {
    if (shape.endsWith('?')) return null;
    return `${at || 'it'} is ${value === null ? 'null' : 'missing'}`;
  }
  return isOf(value, kind) ? null : `${at || 'it'} is not ${NOUNS[kind]}`;
}

function isOf(value: unknown, kind: Kind): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'record') return isRecord(value);
  return typeof value === (kind === 'text' ? 'string' : kind);
}

/** Whether it is an object, and neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
