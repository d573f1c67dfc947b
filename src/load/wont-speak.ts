import { CannotRunError } from '../errors.ts';
import { NoHttp2Error } from './connect.ts';
import type { LoadPlan } from '../plan/plan.ts';

/** What Node's TLS says of a certificate that it does not take (tls, "X509 certificate error codes"). */
const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const NO_HTTP2 = new Set(['ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL', 'ERR_HTTP2_ERROR']);
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
/** Of a call that the server does not know: UNIMPLEMENTED. */
const UNIMPLEMENTED = 501;

/**
 * The error for a target that is up and will never be understood; null where waiting may help.
 * @param error Why the last request failed, where one did.
 * @param status Of the last answer; 0 for none.
 */
export function wontEverSpeak(error: Error | null, status: number, plan: LoadPlan): CannotRunError | null {
  if (plan.protocol === 'grpc' && status === UNIMPLEMENTED) {
    return new CannotRunError(`The app does not know the gRPC method ${plan.requests[0]?.path.slice(1)}.`, {
      nextStep: 'Name one that it serves: --grpc package.Service/Method',
    });
  }
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return error === null ? null : (untrusted(error, code) ?? otherProtocol(error, code, plan));
}

function untrusted(cause: Error, code: string): CannotRunError | null {
  // What follows the semicolon is advice about Node.
  const why = cause.message.split(';')[0];
  if (UNTRUSTED.has(code)) {
    return new CannotRunError(`The app's certificate is not trusted: ${why}.`, {
      nextStep: 'Name what signed it with `--ca FILE`, or take any certificate with `--insecure`.',
      cause,
    });
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return null;
  return new CannotRunError(`The app's certificate is for another name: ${cause.message}.`, {
    nextStep: "Ask for its name with `--header 'Host: app.example.com'`, or take any certificate with `--insecure`.",
    cause,
  });
}

function otherProtocol(cause: Error, code: string, { tls, protocol }: LoadPlan): CannotRunError | null {
  if (tls !== null && NO_TLS.has(code)) {
    return new CannotRunError('The app does not speak TLS on this port.', {
      nextStep: 'Leave `--https`, `--insecure` and `--ca` out, or name its TLS port with `--port`.',
      cause,
    });
  }
  const offersNoHttp2 = protocol !== 'http1' && (NO_HTTP2.has(code) || cause instanceof NoHttp2Error);
  if (!offersNoHttp2) return null;
  return new CannotRunError(
    `The app does not speak HTTP/2${tls === null ? ' in the clear' : ' over TLS'} on this port.`,
    {
      nextStep: `Leave \`${protocol === 'grpc' ? '--grpc' : '--http2'}\` out, or name another port with \`--port\`.`,
      cause,
    },
  );
}
