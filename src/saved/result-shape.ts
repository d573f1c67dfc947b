import { OUTCOMES } from '../load/outcomes.ts';
import { isRecord, type Shape, wrongIn } from './shape.ts';

const COUNTS = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 'number' as const]));
const LATENCY = { before: { p50: 'number?', max: 'number?' }, after: { p50: 'number?', max: 'number?' } } as const;
const SPREAD = { p50: 'number', p99: 'number', max: 'number' } as const;
/** Which an earlier version did not save. */
const LIST: Shape = ['where there', 'list'];
/** What was not traced has no events. */
const KERNEL = (value: unknown): Shape =>
  isRecord(value) && value['kind'] === 'untraced' ? { because: 'text' } : { kind: 'text', events: 'list' };
const FINDINGS: Shape = [{ code: 'text', severity: 'text', message: 'text', advice: 'text?', args: 'record' }];
const HARNESS: Shape = { latenessMs: SPREAD, faults: 'number', cpuCores: 'number?' };
const TIMELINE: Shape = {
  fromMs: 'number',
  bucketMs: 'number',
  completed: ['number'],
  failed: ['number'],
  refused: ['number'],
  inFlight: ['number'],
}; /** What came of a preStop hook. */
const PRE_STOP: Shape = { endedAtMs: 'number' };
const SIDECAR: Shape = { name: 'text', signal: 'text', signalledAtMs: 'number?', endedAtMs: 'number?' };
/** Whose container it was, where it ran before. */
const ATTACHED: Shape = { name: 'text', image: 'text', startedBy: ['or null', { kind: 'text' }] };

/** What a run and a roll-out plan alike. */
const PLAN = {
  container: 'record',
  preStop: ['where there', ['or null', { kind: 'text' }]],
  missing: ['where there', ['text']],
  load: { connections: 'text', requests: [{ path: 'text', method: 'text' }] },
} as const satisfies Shape;

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
      ...PLAN,
    },
  },
  termination: {
    signals: [{ signal: 'text', atMs: 'number', sender: 'text' }],
    exitCode: 'number?',
    preStop: ['where there', ['or null', PRE_STOP]],
    sidecars: ['where there', [SIDECAR]],
  },
  requests: {
    ...COUNTS,
    sent: 'number',
    heldAgainst: 'number',
    inFlightAtSignal: 'number',
    byPhase: { preStop: ['where there', COUNTS], before: COUNTS, inFlight: COUNTS, after: COUNTS },
    byConnection: { fresh: COUNTS, pooled: COUNTS },
    latencyMs: LATENCY,
  },
  processes: [{ pid: 'number', ppid: 'number', command: 'text' }],
  findings: FINDINGS,
  proofs: LIST,
  unexpected: LIST,
  timeline: TIMELINE,
  observation: {
    target: { attached: ['where there', ['or null', ATTACHED]] },
    image: 'record',
    exit: 'record',
    harness: HARNESS,
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

const LATENCIES = { p50: 'number?', max: 'number?' } as const;
const FAILURES: Shape = [{ outcome: 'text', status: 'number?', by: 'text?', count: 'number' }];

const WORDS: Shape = ['or null', ['text']];

const ROLLOUT: Shape = {
  verdict: 'text',
  durationMs: 'number',
  rolloutMs: 'number',
  target: { reference: 'text', stopSignal: 'text', entrypoint: WORDS, command: WORDS },
  plan: {
    profile: 'text',
    replicas: 'number',
    graceMs: 'number',
    ratePerSecond: 'number',
    resolved: {
      balancer: { kind: 'text', reference: 'text' },
      balancerRetries: 'number',
      ...PLAN,
    },
  },
  unexpected: ['text'],
  requests: {
    ...COUNTS,
    sent: 'number',
    byPhase: { before: COUNTS, during: COUNTS },
    failures: FAILURES,
    sentAgain: 'number',
    latencyMs: { before: LATENCIES, during: LATENCIES, sentAgain: LATENCIES },
  },
  replacements: [
    {
      replica: 'number',
      startedAtMs: 'number',
      readyAtMs: 'number',
      t0AtMs: 'number',
      endedAtMs: 'number',
      preStop: ['or null', PRE_STOP],
      exitedAtMs: 'number?',
      exitCode: 'number?',
      sigkillFired: 'boolean?',
      givenAfterT0: 'number',
      sentAgain: 'number',
      failures: { old: FAILURES, new: FAILURES },
    },
  ],
  agreement: [{ what: 'text', ours: 'number', balancers: 'number', agrees: 'boolean' }],
  findings: FINDINGS,
  timeline: TIMELINE,
  observation: {
    image: 'record',
    balancer: { version: 'text' },
    target: { via: 'text' },
    harness: HARNESS,
    beganUs: 'number',
  },
};

const TIMES: Shape = {
  measured: 'number',
  cut: 'number',
  minMs: 'number?',
  medianMs: 'number?',
  p90Ms: 'number?',
  maxMs: 'number?',
};
const LOAD_TIMES: Shape = { ratePerSecond: 'number?', stops: 'number', drain: TIMES, exit: TIMES };
const GRACE: Shape = {
  seconds: 'number',
  sleepS: 'number?',
  longestMs: 'number',
  of: 'number',
  what: 'text',
  margin: { kind: 'text' },
};
const SLEEP: Shape = { seconds: 'number', why: 'text' };
/** Only a recommendation has figures. */
const ADVICE = (value: unknown): Shape =>
  isRecord(value) && value['kind'] === 'recommended'
    ? { sleep: ['or null', SLEEP], grace: GRACE, dockerGrace: GRACE }
    : { kind: 'text' };

const BUDGET: Shape = {
  profile: 'text',
  runsAsked: 'number',
  ended: { kind: 'text' },
  graceMs: 'number',
  givenMs: 'number',
  routingLagMs: 'number',
  hook: ['or null', 'text'],
  loads: [LOAD_TIMES],
  all: LOAD_TIMES,
  others: [{ worth: 'text', why: 'text?', stops: 'number' }],
  confidence: ['or null', { stops: 'number', share: 'number', confidence: 'number', stopsForMost: 'number' }],
  advice: ADVICE,
};

const RANGE: Shape = { min: 'number', median: 'number', max: 'number' };
const SERIES = {
  name: 'text',
  runs: 'number',
  verdict: 'text',
  failed: 'number',
  inconclusive: 'number',
  losing: 'number',
  killed: 'number',
  lost: RANGE,
  timed: 'number',
  drainMs: ['or null', RANGE],
  exitedAtMs: ['or null', RANGE],
  longestAnswerMs: 'number?',
  causes: ['text'],
  exitCodes: ['number'],
} as const satisfies Shape;
const REPEAT: Shape = { ...SERIES, asked: 'number', ended: { kind: 'text' }, at: ['number'] };

const BASELINE: Shape = {
  file: 'text',
  startedAt: 'text',
  failOn: 'text',
  isUpdate: 'boolean',
  comparisons: [{ name: 'text', was: SERIES, is: SERIES, regressions: [{ kind: 'text', message: 'text' }] }],
};

const RESULT: Shape = {
  tool: { version: 'text' },
  engine: { kind: 'text', version: 'text' },
  startedAt: 'text',
  durationMs: 'number',
  verdict: 'text',
  runs: [RUN],
  rollouts: ['where there', [ROLLOUT]],
  budget: ['where there', BUDGET],
  repeats: ['where there', [REPEAT]],
  baseline: ['where there', BASELINE],
};

/** What keeps a saved value from being a result, as `runs[0].plan is missing`; null where nothing does. */
export function wrongInResult(value: unknown): string | null {
  return wrongIn(value, RESULT, '');
}
