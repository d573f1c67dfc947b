import type { Assessment } from './assess.ts';
import { type Clock, startClock } from './clock.ts';
import type { EngineInfo } from './engines/engine.ts';
import { planInShort, startedAs } from './in-short.ts';
import { hostPort } from './load/transport.ts';
import type { Observation } from './observation.ts';
import type { RolloutRecord } from './rollout/record.ts';
import { type Result, type RunRecord, SCHEMA_VERSION, type Verdict } from './result.ts';
import { TOOL } from './tool.ts';

/** The record of one run, as it is saved. */
export function recordRun(observation: Observation, assessment: Assessment, durationMs: number): RunRecord {
  const { plan, target } = observation;
  return {
    scenario: null,
    target: {
      ...startedAs(observation),
      address: target.address && hostPort(target.address),
      via: target.address?.via ?? null,
    },
    plan: { ...planInShort(observation), resolved: plan },
    durationMs,
    expected: null,
    asExpected: null,
    unexpected: [],
    ...assessment,
    proofs: [],
    observation,
    ledger: null,
  };
}

/** When something began: by the calendar for people, and on a clock of its own for durations. */
export interface Began {
  readonly at: Date;
  readonly clock: Clock;
}

export function beginNow(): Began {
  return { at: new Date(), clock: startClock() };
}

/** The result of one or more runs, or of roll-outs: the worst verdict is the result's. */
export function summarize(
  engine: EngineInfo,
  began: Began,
  runs: readonly RunRecord[],
  rollouts: readonly RolloutRecord[] = [],
): Result {
  const all = [...runs, ...rollouts];
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: TOOL,
    engine,
    startedAt: began.at.toISOString(),
    durationMs: Math.round(began.clock.nowUs() / 1000),
    verdict: worst(all.map(({ verdict }) => verdict)),
    asExpected: all.every(({ asExpected }) => asExpected === null)
      ? null
      : all.every(({ asExpected }) => asExpected !== false),
    runs,
    ...(rollouts.length > 0 && { rollouts }),
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
}
