import type { IncomingHttpHeaders } from 'node:http2';

/** An empty message as it goes on the wire: not compressed, no bytes (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export const EMPTY_MESSAGE = Buffer.alloc(5);

/** What every gRPC request carries (gRPC over HTTP/2, "Requests"). */
export const GRPC_HEADERS = { 'content-type': 'application/grpc', te: 'trailers' } as const;

/** HTTP statuses of the same meaning, by grpc-status from 0 on. Source: google/rpc/code.proto. */
const HTTP_STATUSES = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
const UNKNOWN = 500;

/** The HTTP status that means the same as the call's grpc-status; null where the headers or trailers have none. */
export function statusOfCall(headers: IncomingHttpHeaders): number | null {
  const code = headers['grpc-status'];
  return code === undefined ? null : (HTTP_STATUSES[Number(code)] ?? UNKNOWN);
}
