import { OUTCOMES } from './load/outcomes.ts';

/** What a value has to be: of a kind (with `?` also null or left out), a list of such, an object, that where it is there, or what hangs on the value. */
type Shape =
  | Kind
  | `${Kind}?`
  | readonly [Shape]
  | readonly ['where there', Shape]
  | { readonly [name: string]: Shape }
  | ((value: unknown) => Shape);
type Kind = 'text' | 'number' | 'boolean' | 'record' | 'list';

const COUNTS = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 'number' as const]));
const LATENCY = { before: { p50: 'number?', max: 'number?' }, after: { p50: 'number?', max: 'number?' } } as const;
const SPREAD = { p50: 'number', p99: 'number', max: 'number' } as const;
/** Which an earlier version did not save. */
const LIST: Shape = ['where there', 'list'];
/** What was not traced has no events. */
const KERNEL = (value: unknown): Shape =>
  isRecord(value) && value['kind'] === 'untraced' ? { because: 'text' } : { kind: 'text', events: 'list' };
const FINDINGS: Shape = [{ code: 'text', severity: 'text', message: 'text', advice: 'text?', args: 'record' }];

const RUN: Shape = {
  verdict: 'text',
  durationMs: 'number',
  target: { reference: 'text', stopSignal: 'text', address: 'text?', entrypoint: 'list?', command: 'list?' },
  plan: {
    profile: 'text',
    graceMs: 'number',
    ratePerSecond: 'number',
    resolved: {
      image: { kind: 'text', reference: 'text' },
      container: 'record',
      load: { connections: 'text', requests: [{ path: 'text', method: 'text' }] },
    },
  },
  termination: { signals: [{ signal: 'text', atMs: 'number', sender: 'text' }], exitCode: 'number?' },
  requests: {
    ...COUNTS,
    sent: 'number',
    heldAgainst: 'number',
    inFlightAtSignal: 'number',
    byPhase: { before: COUNTS, inFlight: COUNTS, after: COUNTS },
    byConnection: { fresh: COUNTS, pooled: COUNTS },
    latencyMs: LATENCY,
  },
  processes: [{ pid: 'number', ppid: 'number', command: 'text' }],
  findings: FINDINGS,
  proofs: LIST,
  unexpected: LIST,
  timeline: {
    fromMs: 'number',
    bucketMs: 'number',
    completed: ['number'],
    failed: ['number'],
    refused: ['number'],
    inFlight: ['number'],
  },
  observation: {
    target: 'record',
    image: 'record',
    exit: 'record',
    harness: { latenessMs: SPREAD, faults: 'number', cpuCores: 'number?' },
    events: 'list',
    snapshots: LIST,
    sockets: LIST,
    logs: LIST,
    holds: LIST,
    kernel: ['where there', KERNEL],
    parking: ['where there', 'record'],
    plan: { logMatch: LIST },
    signalFromMs: 'number?',
    signalByMs: 'number',
  },
};

const ROLLOUT: Shape = {
  verdict: 'text',
  durationMs: 'number',
  target: { reference: 'text' },
  plan: 'record',
  requests: 'record',
  replacements: 'list',
  findings: FINDINGS,
};

const RESULT: Shape = {
  tool: { version: 'text' },
  engine: { kind: 'text', version: 'text' },
  startedAt: 'text',
  durationMs: 'number',
  verdict: 'text',
  runs: [RUN],
};

/** What keeps a saved value from being a result, as `runs[0].plan is missing`; null where nothing does. */
export function wrongInResult(value: unknown): string | null {
  const wrong = wrongIn(value, RESULT, '');
  const rollouts = wrong === null && isRecord(value) ? value['rollouts'] : undefined;
  return rollouts === undefined ? wrong : wrongIn(rollouts, [ROLLOUT], 'rollouts');
}

function wrongIn(value: unknown, shape: Shape, at: string): string | null {
  if (typeof shape === 'string') return wrongKind(value, shape, at);
  if (typeof shape === 'function') return wrongIn(value, shape(value), at);
  if (isOptional(shape)) return value === undefined ? null : wrongIn(value, shape[1], at);
  if (Array.isArray(shape)) {
    const [item] = shape as readonly [Shape];
    return (
      wrongKind(value, 'list', at) ?? firstWrong((value as unknown[]).map((one, nth) => [one, item, `${at}[${nth}]`]))
    );
  }
  const fields = Object.entries(shape as Readonly<Record<string, Shape>>);
  return (
    wrongKind(value, 'record', at) ??
    firstWrong(
      fields.map(([name, field]) => [
        (value as Readonly<Record<string, unknown>>)[name],
        field,
        at === '' ? name : `${at}.${name}`,
      ]),
    )
  );
}

function isOptional(shape: Shape): shape is readonly ['where there', Shape] {
  return Array.isArray(shape) && shape[0] === 'where there';
}

function firstWrong(parts: readonly (readonly [unknown, Shape, string])[]): string | null {
  for (const [value, shape, at] of parts) {
    const wrong = wrongIn(value, shape, at);
    if (wrong !== null) return wrong;
  }
  return null;
}

const NOUNS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  record: 'an object',
  list: 'a list',
};

function wrongKind(value: unknown, shape: Kind | `${Kind}?`, at: string): string | null {
  const kind = shape.replace('?', '') as Kind;
  if (value === undefined || value === null) {
    if (shape.endsWith('?')) return null;
    return `${at || 'it'} is ${value === null ? 'null' : 'missing'}`;
  }
  return isOf(value, kind) ? null : `${at || 'it'} is not ${NOUNS[kind]}`;
}

function isOf(value: unknown, kind: Kind): boolean {
  if (kind === 'list') return Array.isArray(value);
  if (kind === 'record') return isRecord(value);
  return typeof value === (kind === 'text' ? 'string' : kind);
}

/** Whether it is an object, and neither a list nor null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
