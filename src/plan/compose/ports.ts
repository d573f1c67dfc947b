import { isMap, itemsAt, type Spot, textAt, under, wrong } from './spot.ts';

/** `[[host:]published:]target[-end][/protocol]`, of which the container's part matters here. */
const SHORT = /^(?:.*:)?(\d+)(?:-(\d+))?(?:\/(\w+))?$/;

/**
 * The TCP ports that a service's container listens on: those of `ports`, and where there are none those of `expose`.
 * Ascending.
 * @throws CannotRunError for what names no port.
 */
export function portsOf(service: Spot): readonly number[] {
  const published = itemsAt(under(service, 'ports')).flatMap(portsAt);
  const ports = published.length > 0 ? published : itemsAt(under(service, 'expose')).flatMap(portsAt);
  return [...new Set(ports)].toSorted((a, b) => a - b);
}

function portsAt(spot: Spot): readonly number[] {
  const { text, protocol } = isMap(spot.value) ? longForm(spot) : { text: textAt(spot), protocol: null };
  const [whole, first, last, suffix] = SHORT.exec(text ?? '') ?? [];
  if (whole === undefined) throw wrong(spot, 'a port, such as 3000, 8080:3000 or a map with a `target`');
  if ((suffix ?? protocol ?? 'tcp') !== 'tcp') return [];
  return range(Number(first), Number(last ?? first));
}

function longForm(spot: Spot): { readonly text: string | null; readonly protocol: string | null } {
  return { text: textAt(under(spot, 'target')), protocol: textAt(under(spot, 'protocol')) };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, nth) => from + nth);
}
