import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import { CannotRunError } from '../errors.ts';
import { parseHold } from './http-syntax.ts';
import type { CommonOptions } from './options.ts';
import type { LoadPlan, TlsPlan } from './plan.ts';

/** The standard health check (grpc/health/v1/health.proto); an empty message asks for the server as a whole. */
export const GRPC_HEALTH_CHECK = 'grpc.health.v1.Health/Check';

/**
 * How the app is spoken to, and what is held open beside the steady load.
 * @throws CannotRunError for options that contradict each other, and for a CA file that is not there.
 */
export async function resolveProtocol(
  options: CommonOptions,
): Promise<Pick<LoadPlan, 'protocol' | 'tls' | 'park' | 'holds'>> {
  const protocol = options.grpc !== undefined ? 'grpc' : options.http2 ? 'http2' : 'http1';
  const [flag, parked, held] = [protocol === 'grpc' ? '--grpc' : '--http2', options.park ?? 0, options.hold ?? []];
  if (protocol !== 'http1' && parked > 0) throw onlyHttp1('--park', flag);
  if (protocol !== 'http1' && held.length > 0) throw onlyHttp1('--hold', flag);
  const holds = held.map(parseHold).filter((hold) => hold !== null);
  return { protocol, tls: await resolveTls(options), park: parked, holds };
}

async function resolveTls({ https, insecure, ca }: CommonOptions): Promise<TlsPlan | null> {
  if (https === false && (insecure || ca !== undefined)) {
    throw new CannotRunError('https is false, and insecure and ca are about TLS; keep one of the two.');
  }
  if (insecure && ca !== undefined) {
    throw new CannotRunError('--insecure takes any certificate, so --ca says nothing beside it; keep one of the two.');
  }
  if (!https && !insecure && ca === undefined) return null;
  const file = ca === undefined ? null : resolve(ca);
  if (file !== null && !(await stat(file).catch(() => null))?.isFile()) {
    throw new CannotRunError(`--ca ${ca} is no file (looked in ${process.cwd()}).`, {
      nextStep: "Name a PEM file with the certificate that signed the app's, or take any with --insecure.",
    });
  }
  return { ca: file, insecure: insecure ?? false };
}

function onlyHttp1(flag: string, other: string): CannotRunError {
  return new CannotRunError(`${flag} speaks HTTP/1.1 and cannot go with ${other}.`, {
    nextStep: `Leave one of the two out; the app can be checked twice.`,
  });
}
