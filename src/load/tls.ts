import { readFileSync } from 'node:fs';

import { CannotRunError, messageOf } from '../errors.ts';
import type { LoadPlan } from '../plan/plan.ts';

/** What Node's TLS takes to speak to the target. */
export interface TlsOptions {
  /** PEM; left out: the certificates that Node ships. */
  readonly ca?: Buffer;
  readonly rejectUnauthorized: boolean;
  /** The name that is asked for, and that the certificate has to be for. */
  readonly servername: string;
}

/** An address is no name that a certificate would be for, and an app at hand is usually `localhost`. */
const DEFAULT_NAME = 'localhost';

/**
 * TLS as the plan says; null where it speaks in the clear. The name is that of a Host header, where one is given.
 * @throws CannotRunError where the CA file cannot be read.
 */
export function tlsOptions({ tls, requests }: LoadPlan): TlsOptions | null {
  if (tls === null) return null;
  const host = headerOf(requests[0]?.headers ?? {}, 'host');
  return {
    ...(tls.ca === null ? {} : { ca: readCa(tls.ca) }),
    rejectUnauthorized: !tls.insecure,
    servername: host?.replace(/:\d+$/, '') ?? DEFAULT_NAME,
  };
}

/** The value of a header, whatever the case of its name; `name` is in lower case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new CannotRunError(`--ca ${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
