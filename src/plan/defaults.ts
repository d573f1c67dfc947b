/** What a run does where nobody says otherwise. Source: design.md, "Defaults". */
export const DEFAULTS = {
  path: '/',
  readyTimeoutMs: 120_000,
  warmupMs: 5_000,
  /** Of a command: its check is to be as quick as it can be. */
  execWarmupMs: 1_000,
  rampMs: 1_500,
  /** The ramp's part of a warm-up shorter than the default. */
  rampShare: 0.3,
  requestTimeoutOverGraceMs: 5_000,
  /** Docker's own default. */
  graceMs: 10_000,
  /** Kubernetes' own. */
  kubernetesGraceMs: 30_000,
  /** What it takes proxies and load balancers to hear that an endpoint is gone, about. */
  kubernetesLagMs: 2_000,
  /** After the start, where it is stopped while it starts. */
  startDelayMs: 500,
  maxGraceMs: 120_000,
  timeoutMs: 1_800_000,
  /** Of a budget. */
  runs: 10,
  replicas: 3,
  balancer: 'haproxy',
  /** HAProxy's own. */
  balancerRetries: 3,
  /** Ready, warm-up, grace period and the last answer together. */
  maxLengthMs: 4_200_000,
  /** What `--rate auto` goes up to, requests a second. */
  maxAutoRate: 2_000,
  /** The ledger takes somewhat more. */
  maxRequests: 16_000_000,
} as const;
