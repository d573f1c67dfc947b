import { describe, expect, test } from 'vitest';

import { applyChange, type Change, linesOf } from '../../../src/proof/change.ts';
import type { SourceKind } from '../../../src/plan/plan.ts';
import type { RunRecord } from '../../../src/result.ts';
import { withPlan } from '../observed.ts';
import { commandPlan } from '../observed-command.ts';
import { PASS } from '../report/fixtures/records.ts';

const CMD: Change = {
  remedy: 'exec-form',
  instruction: 'CMD',
  command: ['node', '.'],
  isPlanned: false,
  clearsCommand: false,
};
const ENTRYPOINT: Change = { ...CMD, instruction: 'ENTRYPOINT' };

const after = (exitedAtMs: number | null): RunRecord => ({ ...PASS, termination: { ...PASS.termination, exitedAtMs } });
const lines = (change: Change, run = PASS, of: SourceKind = 'build'): readonly string[] =>
  linesOf(change, run, of).map(({ where, text }) => `${where}: ${text}`);

describe('the lines to write', () => {
  test.each<[Change, readonly string[]]>([
    [CMD, ['Dockerfile: CMD ["node", "."]']],
    [ENTRYPOINT, ['Dockerfile: ENTRYPOINT ["node", "."]']],
    [{ ...ENTRYPOINT, clearsCommand: true }, ['Dockerfile: ENTRYPOINT ["node", "."]', 'Dockerfile: CMD []']],
    [{ ...CMD, isPlanned: true }, ['Compose: command: ["node", "."]']],
    [{ ...CMD, command: ['a', '$b'] }, ['Dockerfile: CMD ["a", "$b"]']],
    [{ ...CMD, command: ['a', '$b'], isPlanned: true }, ['Compose: command: ["a", "$$b"]']],
    [{ remedy: 'stop-signal', signal: 'SIGQUIT' }, ['Dockerfile: STOPSIGNAL SIGQUIT']],
    [{ remedy: 'init' }, ['docker: docker run --init', 'Compose: init: true']],
  ])('of %j', (change, expected) => {
    expect(lines(change)).toEqual(expected);
  });

  test.each<[Change, readonly string[]]>([
    [
      { remedy: 'stop-signal', signal: 'SIGQUIT' },
      ['docker: docker run --stop-signal SIGQUIT', 'Compose: stop_signal: SIGQUIT'],
    ],
    [CMD, ['Compose: command: ["node", "."]']],
    [{ ...ENTRYPOINT, clearsCommand: true }, ['Compose: entrypoint: ["node", "."]']],
  ])("of %j are no Dockerfile's where the image was not built of one", (change, expected) => {
    expect(lines(change, PASS, 'image')).toEqual(expected);
  });

  test.each<[Change, readonly string[]]>([
    [CMD, ['Kubernetes: args: ["node", "."]']],
    [{ ...ENTRYPOINT, clearsCommand: true }, ['Kubernetes: command: ["node", "."]']],
    [
      { ...ENTRYPOINT, isPlanned: true, clearsCommand: true },
      ['Kubernetes: command: ["node", "."]', 'Kubernetes: args: []'],
    ],
    [{ ...CMD, command: ['a', '$(b)', '$c'] }, ['Kubernetes: args: ["a", "$$(b)", "$c"]']],
  ])("of %j are a manifest's where it was stopped as a pod is", (change, expected) => {
    const plan = { ...PASS.plan, resolved: { ...PASS.plan.resolved, profile: 'kubernetes' as const } };
    expect(lines(change, { ...PASS, plan }, 'image')).toEqual(expected);
  });

  test.each<[Change, readonly string[]]>([
    [CMD, ['Command: node .', 'Dockerfile: CMD ["node", "."]']],
    [{ ...CMD, command: ['node', '-e', 'a b'] }, ["Command: node -e 'a b'", 'Dockerfile: CMD ["node", "-e", "a b"]']],
    [{ remedy: 'stop-signal', signal: 'SIGQUIT' }, ['Dockerfile: STOPSIGNAL SIGQUIT', 'systemd: KillSignal=SIGQUIT']],
    [{ remedy: 'init' }, ['docker: docker run --init', 'Compose: init: true']],
  ])('of %j, which mends a command, are for where it is to run', (change, expected) => {
    expect(lines(change, PASS, 'command')).toEqual(expected);
  });

  test.each([
    [600, 400, 5],
    [1_500, null, 2],
  ])('a grace period of %d ms that a command took %d ms of is advised in whole seconds', (graceMs, tookMs, seconds) => {
    expect(lines({ remedy: 'grace', graceMs }, after(tookMs), 'command')).toEqual([
      `docker: docker stop -t ${seconds}`,
      `Compose: stop_grace_period: ${seconds}s`,
      `Kubernetes: terminationGracePeriodSeconds: ${seconds}`,
      `systemd: TimeoutStopSec=${seconds}`,
    ]);
  });

  test.each([
    [60_000, 41_200, 60],
    [60_000, 48_000, 60],
    [60_000, 58_000, 75],
    [20_000, 500, 20],
  ])('a grace period of %d ms that took %d ms is advised as %d s', (graceMs, exitedAtMs, seconds) => {
    expect(lines({ remedy: 'grace', graceMs }, after(exitedAtMs))).toEqual([
      `docker: docker stop -t ${seconds}`,
      `Compose: stop_grace_period: ${seconds}s`,
      `Kubernetes: terminationGracePeriodSeconds: ${seconds}`,
    ]);
  });
});

describe('the changed plan', () => {
  const { plan } = withPlan({ graceMs: 10_000 });

  test.each<[Change, object]>([
    [CMD, { command: ['node', '.'], entrypoint: null }],
    [ENTRYPOINT, { command: null, entrypoint: ['node', '.'] }],
    [{ remedy: 'init' }, { init: true }],
    [{ remedy: 'stop-signal', signal: 'SIGINT' }, { stopSignal: 'SIGINT' }],
  ])('of %j differs in the container alone', (change, expected) => {
    const changed = applyChange(plan, change);
    expect(changed).toEqual({ ...plan, container: { ...plan.container, ...expected } });
  });

  test('made of what a record shows starts the words that were filled in', () => {
    const filled = { ...plan, container: { ...plan.container, filledIn: { KEY: 's3cr3t' } } };
    const shown = { ...CMD, command: ['node', '.', '--key=$(KEY)'] };
    expect(applyChange(filled, shown).container.command).toEqual(['node', '.', '--key=s3cr3t']);
  });

  test('of a command starts other words, in the same folder and network', () => {
    const ofCommand = commandPlan(plan);
    expect(applyChange(ofCommand, CMD)).toEqual({
      ...ofCommand,
      image: { kind: 'command', reference: 'node .', command: ['node', '.'], directory: '.' },
    });
    expect(applyChange(ofCommand, { remedy: 'init' }).container).toEqual({ ...ofCommand.container, init: true });
  });

  test.each([
    [15_000, 45_000],
    [60_000, 60_000],
  ])('with a longer grace period has a request timeout of %d ms as %d ms', (requestTimeoutMs, expected) => {
    const before = withPlan({ graceMs: 10_000 }, { requestTimeoutMs }).plan;
    const changed = applyChange(before, { remedy: 'grace', graceMs: 40_000 });
    expect([changed.graceMs, changed.load.requestTimeoutMs]).toEqual([40_000, expected]);
  });
});
