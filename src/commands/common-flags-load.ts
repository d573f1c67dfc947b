import { badValue } from '../plan/bad-value.ts';
import { COMMON_CHECKS, PATTERN_CHECK } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import { HOLD_FORMS, parseHold } from '../plan/http-syntax.ts';
import type { CommonOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import { readRequestsFile } from '../plan/requests-file.ts';
import type { Flag } from './flag.ts';
import { checkedOf, choiceOf, durationOf, headerOf, numberOf, numbersOf, textOf } from './values.ts';

/** Flags about the requests that the app gets. */
export const LOAD_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'load',
    value: 'KIND',
    group: 'Load',
    help: 'What the app gets: requests, or none for a worker without a port. The verdict then rests on exit code, SIGKILL and jobs.',
    fallback: 'requests',
    read: (_, text) => ({ load: choiceOf('--load', text, ['requests', 'none']) }),
  },
  {
    name: 'job-start',
    value: 'REGEX',
    group: 'Load',
    help: "With --load none: a line of the log that says that a job begins. A group names it: 'job (\\d+) begins'.",
    read: (_, text) => ({ jobStart: checkedOf('--job-start', text, PATTERN_CHECK, "'job (\\d+) begins'") }),
  },
  {
    name: 'job-end',
    value: 'REGEX',
    group: 'Load',
    help: 'The same for the line that says that it is done.',
    read: (_, text) => ({ jobEnd: checkedOf('--job-end', text, PATTERN_CHECK, "'job (\\d+) done'") }),
  },
  {
    name: 'rate',
    value: 'N|auto',
    group: 'Load',
    help: 'Requests a second. auto finds the rate that keeps about three in flight without making a queue, and keeps requests in flight while the signal is on its way.',
    fallback: 'auto',
    read: (_, text) => ({ rate: text === 'auto' ? text : rateOf(text) }),
  },
  {
    name: 'path',
    value: 'PATH',
    group: 'Load',
    help: 'Path to ask for, with its query. Name one that does real work.',
    fallback: DEFAULTS.path,
    read: (_, text) => ({ path: checkedOf('--path', text, COMMON_CHECKS.path, '/orders?page=1') }),
  },
  {
    name: 'method',
    value: 'METHOD',
    group: 'Load',
    help: 'HTTP method.',
    fallback: 'GET',
    read: (_, text) => ({ method: checkedOf('--method', text, COMMON_CHECKS.method, 'POST').toUpperCase() }),
  },
  {
    name: 'header',
    value: "'NAME: VALUE'",
    repeatable: true,
    group: 'Load',
    help: 'Request header.',
    read: (options, text) => ({ headers: withHeader(options.headers ?? {}, text) }),
  },
  {
    name: 'body',
    value: 'TEXT',
    group: 'Load',
    help: 'Request body, for POST and its like.',
    read: (_, text) => ({ body: text }),
  },
  {
    name: 'requests',
    value: 'FILE',
    group: 'Load',
    help: 'JSON file with a mix of requests, in place of the four above. See "Mixing requests".',
    read: async (_, text) => ({ requests: await readRequestsFile(text) }),
  },
  {
    name: 'expect-status',
    value: 'N,N',
    group: 'Load',
    help: 'Statuses that count as served.',
    fallback: 'those below 500, except 429, that the app gave in the warm-up',
    read: (_, text) => ({ expectStatus: numbersOf('--expect-status', text, RANGES.status, '200,204') }),
  },
  {
    name: 'request-timeout',
    value: 'TIME',
    group: 'Load',
    help: 'A request without a whole answer after this has timed out.',
    fallback: '--grace + 5s',
    read: (_, text) => ({ requestTimeoutMs: durationOf('--request-timeout', text, RANGES.requestTimeoutMs, '20s') }),
  },
  {
    name: 'warmup',
    value: 'TIME',
    group: 'Load',
    help: 'Load before the stop. Its first 1.5s (30 % where it is shorter than 5s) are a ramp and do not count.',
    fallback: formatDuration(DEFAULTS.warmupMs),
    read: (_, text) => ({ warmupMs: durationOf('--warmup', text, RANGES.warmupMs, '10s') }),
  },
  {
    name: 'connections',
    value: 'KIND',
    group: 'Load',
    help: 'fresh (a new one for each request), pooled (kept alive) or both, half and half, counted apart.',
    fallback: 'both',
    read: (_, text) => ({ connections: choiceOf('--connections', text, ['fresh', 'pooled', 'both']) }),
  },
  {
    name: 'request-id-header',
    value: 'NAME',
    group: 'Load',
    help: "Header that carries each request's row in the ledger, to find it in the app's own log.",
    read: (_, text) => ({
      requestIdHeader: checkedOf('--request-id-header', text, COMMON_CHECKS.requestIdHeader, 'X-Request-Id'),
    }),
  },
  {
    name: 'min-in-flight',
    value: 'N',
    group: 'Load',
    help: 'The stop waits up to 5s until so many requests are in flight.',
    fallback: '1',
    read: (_, text) => ({ minInFlight: numberOf('--min-in-flight', text, RANGES.minInFlight, '3') }),
  },
];

/** Flags about what is spoken to the app, and what is held open on it beside the steady load. */
export const PROTOCOL_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'https',
    value: null,
    group: 'Protocol',
    help: 'Speak TLS. The certificate has to be for the name in a Host header, else for localhost.',
    read: () => ({ https: true }),
  },
  {
    name: 'insecure',
    value: null,
    group: 'Protocol',
    help: 'Speak TLS, and take any certificate.',
    read: () => ({ insecure: true }),
  },
  {
    name: 'ca',
    value: 'FILE',
    group: 'Protocol',
    help: 'Speak TLS, and trust the certificates in this PEM file instead of the public ones.',
    read: (_, text) => ({ ca: textOf('--ca', text, 'a PEM file', 'ca.pem') }),
  },
  {
    name: 'http2',
    value: null,
    group: 'Protocol',
    help: 'Speak HTTP/2: with prior knowledge in the clear, by ALPN over TLS. Streams that the server refuses, or that its GOAWAY leaves out, are refused requests.',
    read: () => ({ http2: true }),
  },
  {
    name: 'grpc',
    value: 'METHOD',
    group: 'Protocol',
    help: 'Call a gRPC method, package.Service/Method, with an empty message; health is the standard health check. Its grpc-status decides, as the HTTP status of the same meaning: UNAVAILABLE is 503.',
    read: (_, text) => ({ grpc: checkedOf('--grpc', text, COMMON_CHECKS.grpc, 'health') }),
  },
  {
    name: 'hold',
    value: 'KIND:PATH',
    repeatable: true,
    group: 'Protocol',
    help: 'Hold a connection open across the stop, and say how it ended: sse:/events (Server-Sent Events) or ws:/socket (a WebSocket).',
    read: (options, text) => ({ hold: [...(options.hold ?? []), heldOf(text)] }),
  },
  {
    name: 'park',
    value: 'N',
    group: 'Protocol',
    help: 'Besides the load, hold N requests half-sent across the signal and finish them after it. Helps where answers are too fast to be in flight.',
    fallback: '0',
    read: (_, text) => ({ park: numberOf('--park', text, RANGES.park, '3') }),
  },
];

function heldOf(text: string): string {
  if (parseHold(text) !== null) return text;
  throw badValue({ name: '--hold', value: text, takes: HOLD_FORMS, example: '--hold sse:/events' });
}

function rateOf(text: string): number {
  const value = Number(text);
  const { min, max } = RANGES.rate;
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw badValue({
    name: '--rate',
    value: text,
    takes: `auto, or requests a second from ${min} to ${max}`,
    example: '--rate 50',
  });
}

/** A repeated name makes a list, as RFC 9110, 5.3 allows. */
function withHeader(headers: Readonly<Record<string, string>>, text: string): Record<string, string> {
  const [name, value] = headerOf('--header', text);
  return { ...headers, [name]: headers[name] === undefined ? value : `${headers[name]}, ${value}` };
}
