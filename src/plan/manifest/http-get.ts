import { isPath } from '../http-syntax.ts';
import { at, badField, type Field, textOf } from './field.ts';
import { portAt } from './ports.ts';

/** A GET that the kubelet makes. */
export interface HttpGet {
  readonly port: number;
  readonly path: string;
  /** Over TLS; it checks no certificate. */
  readonly tls: boolean;
}

/**
 * The GET of a probe or a hook.
 * @throws CannotRunError for a port, a path or a scheme that is none.
 */
export function httpGetOf(field: Field, container: Field): HttpGet {
  return {
    port: portAt(at(field, 'port'), container),
    path: pathOf(at(field, 'path')),
    tls: isTls(at(field, 'scheme')),
  };
}

/** The kubelet puts a missing slash in front. */
function pathOf(field: Field): string {
  const text = textOf(field) ?? '/';
  const path = text.startsWith('/') ? text : `/${text}`;
  if (isPath(path)) return path;
  throw badField(field, 'a path without spaces');
}

function isTls(field: Field): boolean {
  const scheme = textOf(field) ?? 'HTTP';
  if (['HTTP', 'HTTPS'].includes(scheme.toUpperCase())) return scheme.toUpperCase() === 'HTTPS';
  throw badField(field, 'HTTP or HTTPS');
}
