/** What is known of variables; one without a known value is left out. */
export type Variables = Readonly<Record<string, string>>;

const REFERENCE = /\\\$|\$(?:\{(\w+)(?::?([-+])([^{}]*))?\}|(\w+))/g;

/**
 * Fills in `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`; null where a value is not known. Source:
 * Dockerfile reference, Environment replacement.
 */
export function expand(text: string, variables: Variables): string | null {
  let known = true;
  const expanded = text.replace(REFERENCE, (_, braced?: string, operator?: string, other?: string, bare?: string) => {
    const name = braced ?? bare;
    if (name === undefined) return '$';
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (operator === '+') return value ? (other ?? '') : '';
    if (operator === '-' && !value) return other ?? '';
    if (value === undefined) known = false;
    return value ?? '';
  });
  return known ? expanded : null;
}

/** `A=1 B="two words"` of an ENV or an ARG, and the old `ENV NAME value`. An ARG without a value is not among them. */
export function assignments(text: string): readonly (readonly [string, string])[] {
  const old = /^(\w+)\s+([^=]*)$/.exec(text);
  if (old) return [[old[1] ?? '', old[2] ?? '']];
  return [...text.matchAll(/([\w.-]+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'])*)/g)].map(
    ([, name = '', value = '']) => [
      name,
      value.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ''),
    ],
  );
}
