const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that the load sets itself: they decide about connections and framing, which is what is measured. */
const OWN_HEADERS = ['connection', 'content-length', 'expect', 'keep-alive', 'transfer-encoding', 'upgrade'];

/** What a method may be, for messages. */
export const METHOD_FORMS =
  'an HTTP method such as GET, HEAD, POST, PUT, PATCH or DELETE (CONNECT is no request to an app)';

/** Path and query as they go on the wire: from a slash, without spaces, control characters or a fragment. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/[\x21\x22\x24-\x7e]*$/.test(value);
}

export function isMethod(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value) && value.toUpperCase() !== 'CONNECT';
}

/** What a gRPC method may be, for messages. */
export const GRPC_FORMS = 'health, or a method as package.Service/Method';

/** `package.Service/Method` as the path names it (gRPC over HTTP/2, "Requests"). */
export function isGrpcMethod(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z_][\w.]*\/[A-Za-z_]\w*$/.test(value);
}

/** What a held connection may be, for messages. */
export const HOLD_FORMS = 'sse:/path (Server-Sent Events) or ws:/path (a WebSocket)';

/** Kind and path of `sse:/events` or `ws:/socket`; null for anything else. */
export function parseHold(value: unknown): { readonly kind: 'sse' | 'ws'; readonly path: string } | null {
  const [, kind, path] = typeof value === 'string' ? (/^(sse|ws):(.*)$/.exec(value) ?? []) : [];
  return (kind === 'sse' || kind === 'ws') && isPath(path) ? { kind, path } : null;
}

/** Headers whose values mean something to the server, so that a number in their place would change the request. */
const MEANT = /^(host|te|accept.*|authorization|cookie|content-.*|if-.*|range)$/i;

/** A header that may be added to every request. */
export function isHeaderName(value: unknown): value is string {
  return typeof value === 'string' && headerFault(value, '') === null && !MEANT.test(value);
}

/** What is wrong with a header, a sentence; null where nothing is. */
export function headerFault(name: string, value: unknown): string | null {
  if (!TOKEN.test(name)) return `"${name}" is no header name.`;
  if (OWN_HEADERS.includes(name.toLowerCase())) return `The load sets "${name}" itself.`;
  if (typeof value !== 'string') return `The value of header "${name}" is no text.`;
  return /[^\t\x20-\x7e\x80-\xff]/.test(value)
    ? `The value of header "${name}" has characters that no header may have.`
    : null;
}
