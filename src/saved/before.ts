import type { Finding } from '../diagnosis/finding.ts';
import { noOutcomes } from '../load/outcomes.ts';
import type { Observation } from '../observation.ts';
import type { ProcessRecord, Result, RunRecord } from '../result.ts';
import type { RolloutRecord } from '../rollout/record.ts';

type Plan = RunRecord['plan']['resolved'];

/** What fields stand for that a result saved by an earlier version does not have: nothing was looked for, and so not seen. */
const OBSERVATION: Partial<Observation> = {
  holds: [],
  preStop: null,
  readiness: null,
  sidecars: [],
  parking: { mode: null, droppedBecause: null, expectedStatus: null, requests: [] },
  snapshots: [],
  sockets: [],
  kernel: { kind: 'untraced', because: 'the version that saved this result could not' },
  jobs: [],
  jobsForgotten: 0,
  becameReadyAtMs: null,
  logs: [],
  logLinesDropped: 0,
};
const PLAN: Partial<Plan> = {
  name: null,
  when: 'ready',
  jobs: null,
  logMatch: [],
  prove: false,
  repeat: 1,
  limits: { drainMs: null, stopMs: null, latencyMs: null, rejected: 0 },
  kernelTrace: 'off',
  preStop: null,
  readyPort: null,
  pooledAfterLag: 'go',
  file: null,
  missing: [],
  service: null,
  companions: [],
};
const LOAD: Partial<Plan['load']> = {
  kind: 'requests',
  protocol: 'http1',
  tls: null,
  requestIdHeader: null,
  park: 0,
  holds: [],
};
const HARNESS: Partial<Observation['harness']> = { cpuCores: null };
const TERMINATION: Partial<RunRecord['termination']> = { preStop: null, readiness: null, sidecars: [] };
const PHASES: Partial<RunRecord['requests']['byPhase']> = { preStop: noOutcomes() };
const STARTED_AS: Partial<RunRecord['target']> = {
  imageId: null,
  entrypoint: null,
  command: null,
  address: null,
  via: null,
};
const TARGET: Partial<Observation['target']> = { attached: null, address: null };
const FINDING: Partial<Finding> = { advice: null, args: {} };
const PROCESS: Partial<ProcessRecord> = { otherwise: null, goneByMs: null };
const RUN: Partial<RunRecord> = { scenario: null, unexpected: [], jobs: null, proofs: [], processes: [] };

/** A result with every field that the reports read, also where an earlier version saved it. */
export function withAllFields(result: Result): Result {
  const { runs, rollouts } = result;
  const whole = { ...result, runs: runs.map(runWithAll) };
  return rollouts === undefined ? whole : { ...whole, rollouts: rollouts.map(rolloutWithAll) };
}

function rolloutWithAll(saved: RolloutRecord): RolloutRecord {
  const { plan, findings, observation } = saved;
  return {
    ...saved,
    plan: { ...plan, resolved: { ...plan.resolved, ...planWithAll(plan.resolved) } },
    findings: findings.map(findingWithAll),
    observation: { ...observation, harness: { ...HARNESS, ...observation.harness } },
  };
}

function runWithAll(saved: RunRecord): RunRecord {
  const run = { ...RUN, ...saved };
  return {
    ...run,
    target: { ...STARTED_AS, ...run.target },
    plan: { ...run.plan, resolved: planWithAll(run.plan.resolved) },
    termination: { ...TERMINATION, ...run.termination },
    requests: { ...run.requests, byPhase: { ...PHASES, ...run.requests.byPhase } },
    findings: run.findings.map(findingWithAll),
    processes: run.processes.map((process) => ({ ...PROCESS, ...process })),
    observation: {
      ...OBSERVATION,
      ...run.observation,
      target: { ...TARGET, ...run.observation.target },
      harness: { ...HARNESS, ...run.observation.harness },
      plan: planWithAll(run.observation.plan),
    },
  };
}

function planWithAll(saved: Plan): Plan {
  return { ...PLAN, ...saved, load: { ...LOAD, ...saved.load } };
}

function findingWithAll(saved: Finding): Finding {
  return { ...FINDING, ...saved };
}
