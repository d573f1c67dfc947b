import { CannotRunError } from '../errors.ts';
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

/** The error for a target that is up and will never be understood; null where waiting may help. */
export function wontEverSpeak(error: Error, { tls }: LoadPlan): CannotRunError | null {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (UNTRUSTED.has(code)) {
    return new CannotRunError(`The app's certificate is not trusted: ${error.message}.`, {
      nextStep: 'Name what signed it with `--ca FILE`, or take any certificate with `--insecure`.',
      cause: error,
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new CannotRunError(`The app's certificate is for another name: ${error.message}.`, {
      nextStep: "Ask for its name with `--header 'Host: app.example.com'`, or take any certificate with `--insecure`.",
      cause: error,
    });
  }
  if (tls !== null && (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')) {
    return new CannotRunError('The app does not speak TLS on this port.', {
      nextStep: 'Leave `--https`, `--insecure` and `--ca` out, or name its TLS port with `--port`.',
      cause: error,
    });
  }
  return null;
}
