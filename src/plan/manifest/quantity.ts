import { badField, type Field, isThere } from './field.ts';

const QUANTITY = /^\+?(\d+\.?\d*|\.\d+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?\d+))?$/;
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
]);

/**
 * The number that a quantity stands for: `256Mi`, `500m`, `1G`, `1e3`, a bare number; null for anything else.
 * Source: k8s.io/apimachinery/pkg/api/resource, "Quantity".
 */
export function parseQuantity(value: unknown): number | null {
  const [, number, suffix, exponent] = QUANTITY.exec(String(value)) ?? [];
  if (number === undefined) return null;
  if (exponent !== undefined) return Number(number) * 10 ** Number(exponent);
  if (suffix === undefined) return Number(number);
  return Number(number) * (DECIMAL.get(suffix) ?? 1024 ** (BINARY.indexOf(suffix) + 1));
}

/**
 * A quantity of a manifest; null where there is none.
 * @throws CannotRunError for anything else.
 */
export function quantityOf(field: Field): number | null {
  if (!isThere(field)) return null;
  const quantity = parseQuantity(field.value);
  if (quantity !== null) return quantity;
  throw badField(field, 'a quantity, such as 256Mi, 500m or 1.5');
}
