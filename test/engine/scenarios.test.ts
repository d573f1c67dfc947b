import { availableParallelism } from 'node:os';

import { beforeAll, describe, expect, test } from 'vitest';

import { assess, defineScenario, loadScenarios, type Result, type RunRecord, runScenarios } from '../../src/index.ts';
import type { Ledger } from '../../src/load/ledger.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';

const LIMIT_MS = 300_000;
const scenarios = await loadScenarios();
const ledgers = new Map<string, Ledger>();
let result: Result;

beforeAll(async () => {
  result = await runScenarios(scenarios, {
    parallel: availableParallelism() * 8,
    onScenario: ({ record, ledger }) => void ledgers.set(record.scenario ?? '', ledger),
  });
}, LIMIT_MS);

const recordOf = (name: string): RunRecord => result.runs.find(({ scenario }) => scenario === name)!;

describe.each(scenarios.map(({ name, title }) => [name, title]))('%s', (name) => {
  test('behaves as it says', () => {
    expect(recordOf(name).unexpected).toEqual([]);
  });

  test('has every request in exactly one outcome', () => {
    const { requests } = recordOf(name);
    const sum = OUTCOMES.reduce((total, outcome) => total + requests[outcome], 0);
    const phases = Object.values(requests.byPhase).flatMap((counts) => Object.values(counts));
    const connections = Object.values(requests.byConnection).flatMap((counts) => Object.values(counts));
    expect(sum).toBe(requests.sent);
    expect(phases.reduce((total, count) => total + count, 0)).toBe(requests.sent);
    expect(connections.reduce((total, count) => total + count, 0)).toBe(requests.sent);
    expect(requests.lostRead + requests.lostUnread + requests.lostUnknown).toBe(requests.lost);
  });

  test('gives the same verdict and findings again from what it recorded', () => {
    const record = recordOf(name);
    const again = assess(record.observation, ledgers.get(name)!);
    expect(again).toEqual({
      verdict: record.verdict,
      termination: record.termination,
      requests: record.requests,
      jobs: record.jobs,
      processes: record.processes,
      findings: record.findings,
      timeline: record.timeline,
    });
  });

  test('was on the container’s own address, and the load was on schedule', () => {
    const { target, plan, observation } = recordOf(name);
    const isSentSomething = plan.resolved.load.kind === 'requests';
    expect(target.via).toEqual(isSentSomething ? expect.stringMatching(/^(container|published-port)$/) : null);
    expect(observation.harness.faults).toBe(0);
  });
});

describe('all of them side by side', () => {
  test('take at most twice as long as the longest', () => {
    const longestMs = Math.max(...result.runs.map(({ durationMs }) => durationMs));
    expect(result.durationMs).toBeLessThanOrEqual(longestMs * 2);
  });

  test('say as expected, although most of them fail', () => {
    expect(result).toMatchObject({ asExpected: true, verdict: 'fail', schemaVersion: 1 });
  });
});

describe('the lesson', () => {
  test('the 45-second handler loses its requests behind a shell, and none when it gets the signal and the time', () => {
    const lost = ['lesson-45s', 'lesson-45s-short-grace', 'lesson-45s-mended'].map(
      (name) => recordOf(name).requests.heldAgainst,
    );
    expect(lost[0]).toBeGreaterThan(0);
    expect(lost[1]).toBeGreaterThan(0);
    expect(lost[2]).toBe(0);
  });

  test('an init in front of the shell loses requests without any SIGKILL', () => {
    const { requests, termination } = recordOf('tini-shell');
    expect(requests.lostRead).toBeGreaterThan(0);
    expect(termination).toMatchObject({ sigkillFired: false, exitCode: 143 });
  });
});

test('a scenario of one’s own may be an image that is there already', async () => {
  const image = recordOf('exec-form').observation.image.id;
  const own = defineScenario({
    name: 'my-own',
    title: 'An image by its id.',
    options: { target: image ?? '', image: true, port: 3000, warmupMs: 1000 },
    expected: { verdict: 'pass', exitCode: 0 },
  });
  const { asExpected, runs } = await runScenarios([own], { parallel: 1 });
  expect({ asExpected, name: runs[0]?.scenario }).toEqual({ asExpected: true, name: 'my-own' });
}, 60_000);
