import { expect, test } from 'vitest';

import { assess } from '../../../../src/assess.ts';
import { recordProof } from '../../../../src/proof/record.ts';
import { recordRun } from '../../../../src/record.ts';
import type { Look } from '../../../../src/report/look.ts';
import { proofOffer } from '../../../../src/report/table/proof.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { RunRecord } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { BEHIND_SHELL_LEDGER, commandObservation, KILLED_BEHIND_SHELL } from '../../observed-command.ts';
import { proven } from '../fixtures/proofs.ts';
import { PASS, resultOf } from '../fixtures/records.ts';
import { STARTING, WORKER } from '../fixtures/runs.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };

const SHELL = recordRun(KILLED_BEHIND_SHELL, assess(KILLED_BEHIND_SHELL, BEHIND_SHELL_LEDGER), 4_120);

/** Words of an image's: none of them is true of a command. */
const CONTAINERS = /\bcontainers?\b|\bthe engine\b|docker run|STOPSIGNAL/i;

/** The same record, as if a command had been run. */
function ofCommand(run: RunRecord): RunRecord {
  const { plan, engine } = KILLED_BEHIND_SHELL;
  const { image, container } = plan;
  const signals = run.termination.signals.map((one) => ({ ...one, sender: 'harness' as const }));
  const { address } = run.target;
  return {
    ...run,
    target: { ...run.target, ...(address === null ? {} : { address: '127.0.0.1:3000', via: 'local' }) },
    plan: { ...run.plan, resolved: { ...run.plan.resolved, image, container } },
    termination: { ...run.termination, signals },
    observation: { ...run.observation, engine },
  };
}

test('the report of a command reads as its golden file', async () => {
  const report = renderReport(resultOf([SHELL]), PLAIN);
  expect(report.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(report).not.toMatch(CONTAINERS);
  await expectGolden('report-command.txt', report);
});

test('the proof of a command reads as its golden file', async () => {
  const change = {
    remedy: 'exec-form',
    instruction: 'CMD',
    command: ['node', 'server.js'],
    isPlanned: false,
    clearsCommand: false,
  } as const;
  const [without, init] = [recordProof([change], PASS, 'command'), recordProof([{ remedy: 'init' }], SHELL, 'command')];
  const report = renderReport(resultOf([proven(SHELL, [without, init])]), PLAIN);
  await expectGolden('proof-command.txt', report.slice(report.indexOf('Cause'), report.indexOf('Requests\n')));
});

test('where remedies were not tried, the command is offered as it can be typed', () => {
  expect(proofOffer(resultOf([SHELL]), PLAIN)).toBe(
    "\nTo try remedies: shutdown-check exec … --prove -- sh -c 'node server.js'\n",
  );
});

test.each([
  ['passed', PASS],
  ['worked without a port', WORKER],
  ['was stopped while it started', STARTING],
])('what is said of a command that %s is nowhere said of a container', (_title, run) => {
  const report = renderReport(resultOf([ofCommand(run)]), PLAIN);
  expect(report).not.toMatch(CONTAINERS);
  expect(report).toContain('No image was run: the command was PID 1 of a PID namespace of its own');
});

test('whose network it had is said', () => {
  const { plan, ...rest } = commandObservation();
  const told = (network: string): string => {
    const observation = { ...rest, plan: { ...plan, container: { ...plan.container, network } } };
    const record = recordRun(observation, assess(observation, BEHIND_SHELL_LEDGER), 4_120);
    return renderReport(resultOf([record]), { ...PLAIN, width: 120 });
  };
  expect(told('own')).toContain('To 127.0.0.1:3000: in a network of its own, which reaches nothing else; HTTP/1.1.');
  expect(told('host')).toContain("To 127.0.0.1:3000: on this machine's network; HTTP/1.1.");
});

test('where nothing could be read of its processes, no other way to read them is named', () => {
  const report = renderReport(resultOf([ofCommand({ ...PASS, processes: [] })]), PLAIN);
  expect(report).toContain('The processes could not be read from /proc.');
});
