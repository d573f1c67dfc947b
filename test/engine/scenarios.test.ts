import { availableParallelism } from 'node:os';

import { beforeAll, describe, expect, test } from 'vitest';

import {
  assess,
  assessRollout,
  defineScenario,
  loadScenarios,
  type Result,
  type RolloutRecord,
  type RunRecord,
  runScenarios,
} from '../../src/index.ts';
import { balancerFile } from '../../src/plan/balancer.ts';
import { recordsOf } from '../../src/result.ts';
import { outcomeOf } from '../../scripts/engines/agreement.ts';
import { canHaveOwnNetwork } from '../../src/engines/namespace/own-network.ts';
import type { Ledger } from '../../src/load/ledger.ts';
import { OUTCOMES } from '../../src/load/outcomes.ts';
import { sortOut } from '../../src/without-engine/sort-out.ts';

const LIMIT_MS = 300_000;
const PARALLEL = availableParallelism() * 4;
/** Where they have to be run one after the other. */
const FEW = new Set([
  'exec-form',
  'shell-pid1',
  'no-handler',
  'abrupt-exit',
  'tini-shell',
  'npm-start',
  'worker-drains',
]);
const all = await loadScenarios();
const scenarios = all.filter(({ rollout }) => rollout === undefined);
const rollouts = balancerFile('haproxy') === null ? [] : all.filter(({ rollout }) => rollout !== undefined);
const ledgers = new Map<string, Ledger>();
let result: Result;

beforeAll(async () => {
  result = await runScenarios([...scenarios, ...rollouts], {
    parallel: PARALLEL,
    onScenario: ({ record, ledger }) => void ledgers.set(record.scenario ?? '', ledger),
  });
}, LIMIT_MS);

const recordOf = (name: string, { runs } = result): RunRecord => runs.find(({ scenario }) => scenario === name)!;
/** What can be told again from what a run recorded. */
const toldOf = ({ verdict, termination, requests, jobs, processes, findings, timeline }: RunRecord) => {
  return { verdict, termination, requests, jobs, processes, findings, timeline };
};

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
    expect(assess(record.observation, ledgers.get(name)!)).toEqual(toldOf(record));
  });

  test('was on the container’s own address, and the load was on schedule', () => {
    const { target, plan, observation } = recordOf(name);
    const isSentSomething = plan.resolved.load.kind === 'requests';
    expect(target.via).toEqual(isSentSomething ? expect.stringMatching(/^(container|published-port)$/) : null);
    expect(observation.harness.faults).toBe(0);
  });
});

describe.each(rollouts.map(({ name, title }) => [name, title]))('%s', (name) => {
  const rolloutOf = (): RolloutRecord => result.rollouts!.find(({ scenario }) => scenario === name)!;

  test('behaves as it says', () => {
    expect(rolloutOf().unexpected).toEqual([]);
  });

  test('has every request in exactly one outcome, and as many as the balancer counted', () => {
    const { requests, agreement } = rolloutOf();
    expect(OUTCOMES.reduce((total, outcome) => total + requests[outcome], 0)).toBe(requests.sent);
    expect(agreement.filter(({ ours, balancers }) => ours !== balancers)).toEqual([]);
  });

  test('gives the same verdict and findings again from what it recorded', () => {
    const { verdict, requests, replacements, agreement, findings, timeline, observation } = rolloutOf();
    const told = { verdict, requests, replacements, agreement, findings, timeline };
    expect(assessRollout(observation, ledgers.get(name)!)).toEqual(told);
  });
});

describe('all of them side by side', () => {
  test('are so from the first to the last: most of the time as many as may be', () => {
    const eachMs = recordsOf(result).reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(eachMs / result.durationMs).toBeGreaterThan(PARALLEL / 2);
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

describe.runIf(process.platform === 'linux')('without an engine', async () => {
  const hasOwnNetworks = await canHaveOwnNetwork();
  const able = (await sortOut(scenarios)).filter(({ how }) => how.kind === 'command');
  const chosen = able.map(({ scenario }) => scenario).filter(({ name }) => hasOwnNetworks || FEW.has(name));
  const commandLedgers = new Map<string, Ledger>();
  let commands: Result;

  beforeAll(async () => {
    commands = await runScenarios(chosen, {
      engine: 'namespace',
      // Without the time that a container takes to start, package managers start at the same moment and starve each other.
      parallel: availableParallelism() * 2,
      onScenario: ({ record, ledger }) => void commandLedgers.set(record.scenario ?? '', ledger),
    });
  }, LIMIT_MS);

  test('there are some whose point is a command line', () => {
    expect(chosen.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['exec-form', 'no-handler', 'worker-drains']),
    );
    expect(commands.engine).toMatchObject({ kind: 'namespace', apiVersion: null });
  });

  describe.each(chosen.map(({ name }) => [name]))('%s', (name) => {
    test('comes to the verdict, the cause, the exit code and the SIGKILL that its image comes to', () => {
      const command = recordOf(name, commands);
      expect(outcomeOf(command)).toEqual(outcomeOf(recordOf(name)));
      expect(command.unexpected).toEqual([]);
    });

    test('gives the same verdict and findings again from what it recorded', () => {
      const command = recordOf(name, commands);
      expect(assess(command.observation, commandLedgers.get(name)!)).toEqual(toldOf(command));
    });
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
