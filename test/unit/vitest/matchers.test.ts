import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { renderReport } from '../../../src/report/table/table.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import { seriesOf } from '../../../src/repeat/series.ts';
import type { RunRecord } from '../../../src/result.ts';
import '../../../src/vitest/index.ts';
import { PASS, resultOf } from '../report/fixtures/records.ts';
import { GOOD, LOST, rolloutsOf } from '../report/fixtures/rollouts.ts';
import { HELD, NOTHING, SHELL, WORKER } from '../report/fixtures/runs.ts';

const passed = resultOf([PASS]);
const failed = resultOf([SHELL]);
const nothing = resultOf([NOTHING]);

async function messageOf(assertion: Promise<void>): Promise<string> {
  const error: unknown = await assertion.then(
    () => expect.unreachable('it should not have held'),
    (thrown: unknown) => thrown,
  );
  return stripVTControlCharacters(error instanceof Error ? error.message : String(error));
}

const report = (run: RunRecord): string => renderReport(resultOf([run]), { color: false, width: 80, unicode: true });
const endingIn = (run: RunRecord, exitCode: number | null): RunRecord => ({
  ...run,
  termination: { ...run.termination, exitCode },
});

test('a passing check meets every expectation, as a result and as what run() gives', async () => {
  await expect(passed).toShutDownGracefully();
  await expect(passed).toLoseNothing();
  await expect(passed).toExitWith(0);
  await expect({ result: passed, ledgers: [], notChecked: [] }).toShutDownGracefully();
});

test('the message of a check that fails is the report', async () => {
  expect(await messageOf(expect(failed).toShutDownGracefully())).toBe(report(SHELL));
});

test('of an expectation about one thing the message says that first, and then the report', async () => {
  const lost = SHELL.requests.heldAgainst;
  expect(await messageOf(expect(failed).toLoseNothing())).toBe(
    `Expected it to lose nothing, and it lost ${lost} requests.\n\n${report(SHELL)}`,
  );
  expect(await messageOf(expect(failed).toExitWith(0))).toBe(
    `Expected exit code 0, and it was 137.\n\n${report(SHELL)}`,
  );
});

test('what is expected not to be is, and the message says so', async () => {
  expect(await messageOf(expect(passed).not.toShutDownGracefully())).toBe(
    `Expected it not to shut down gracefully, and it does.\n\n${report(PASS)}`,
  );
  expect(await messageOf(expect(passed).not.toLoseNothing())).toMatch(/^Expected it to lose something, and it lost no/);
  expect(await messageOf(expect(passed).not.toExitWith(0))).toMatch(/^Expected another exit code than 0\.\n\nPASS/);
  await expect(failed).not.toShutDownGracefully();
  await expect(failed).not.toLoseNothing();
  await expect(failed).not.toExitWith(0);
});

test('a check that could not tell meets neither an expectation nor its opposite, and says why', async () => {
  const [doubt] = NOTHING.findings;
  expect(await messageOf(expect(nothing).toShutDownGracefully())).toBe(report(NOTHING));
  const unclear = `Could not tell whether it shuts down gracefully. ${doubt?.message}\n\n`;
  expect(await messageOf(expect(nothing).not.toShutDownGracefully())).toBe(unclear + report(NOTHING));
  for (const assertion of [expect(nothing).toLoseNothing(), expect(nothing).not.toLoseNothing()])
    expect(await messageOf(assertion)).toContain(`Could not tell whether it loses anything. ${doubt?.message}`);
});

test('with nothing in flight nothing can be lost, and that is said also where an exit code fails the check', async () => {
  const run: RunRecord = { ...endingIn(NOTHING, 7), verdict: 'fail' };
  expect(await messageOf(expect(resultOf([run])).toLoseNothing())).toMatch(/^Could not tell whether it loses anything/);
});

test('an exit code is one however much is lost, and an unknown one is neither right nor wrong', async () => {
  await expect(resultOf([endingIn(SHELL, 3)])).toExitWith(3);
  const unknown = resultOf([endingIn(PASS, null)]);
  const sentence = 'Could not tell whether it exits with code 0.';
  expect(await messageOf(expect(unknown).toExitWith(0))).toContain(sentence);
  expect(await messageOf(expect(unknown).not.toExitWith(0))).toContain(sentence);
});

test.each([
  ['jobs', WORKER, /lost \d+ jobs?\.\n/],
  ['held connections', HELD, /lost .*held connections\.\n/],
] as const)('lost %s are losses, too', async (_, run, message) => {
  expect(await messageOf(expect(resultOf([run])).toLoseNothing())).toMatch(message);
});

test('parked requests that were cut are losses', async () => {
  const finding: Finding = { code: 'PARKED_LOST', severity: 'error', message: 'Cut.', advice: null, args: { cut: 1 } };
  const message = await messageOf(expect(resultOf([{ ...PASS, findings: [finding] }])).toLoseNothing());
  expect(message).toMatch(/lost parked requests\.\n/);
});

test('each of several runs counts', async () => {
  const both = resultOf([PASS, SHELL]);
  expect(await messageOf(expect(both).toExitWith(0))).toMatch(/and it was 137\./);
  await expect(both).not.toLoseNothing();
});

test('users’ requests that a roll-out lost are losses, and each replica ends with an exit code', async () => {
  await expect(rolloutsOf([GOOD])).toLoseNothing();
  await expect(rolloutsOf([GOOD])).toExitWith(0);
  expect(await messageOf(expect(rolloutsOf([LOST])).toLoseNothing())).toMatch(
    /^Expected it to lose nothing, .* requests?\./,
  );
});

test('what passes and is worse than its baseline is not graceful', async () => {
  const series = seriesOf([PASS]);
  const comparison = {
    name: './Dockerfile',
    was: series,
    is: series,
    regressions: [{ kind: 'drain', message: 'Longer.' }],
  } as const;
  const baseline = { file: 'b.json', startedAt: '2026-11-22T10:00:00.000Z', failOn: 'fail', isUpdate: false } as const;
  const worse = { ...passed, baseline: { ...baseline, comparisons: [comparison] } };
  expect(await messageOf(expect(worse).toShutDownGracefully())).toMatch(
    /^REGRESSION {2}Worse than in the baseline b\.json/,
  );
  await expect({ ...worse, baseline: { ...worse.baseline, isUpdate: true } }).toShutDownGracefully();
});

test.each([
  [undefined, /^A check of the stop cannot be made of nothing\./],
  [7, /cannot be made of 7\./],
  [{ path: '/' }, /cannot be made of an object with path\.\nIt takes an image, a Dockerfile/],
])('what no check can be made of is refused, with what can: %j', async (subject, message) => {
  expect(await messageOf(expect(subject).toLoseNothing())).toMatch(message);
  expect(await messageOf(expect(subject).not.toLoseNothing())).toMatch(message);
});

test('options that come after the run are refused', async () => {
  const message = await messageOf(expect(passed).toShutDownGracefully({ graceMs: 30_000 }));
  expect(message).toMatch(/^This check is over, and graceMs would have come before it\.\nGive the options to/);
});

test('what keeps a check from taking place is told in full, and is no answer to any expectation', async () => {
  const want = /^\.\/nosuch does not exist \(looked in .*\)\.\nName an existing Dockerfile or folder/;
  expect(await messageOf(expect('./nosuch').toShutDownGracefully())).toMatch(want);
  expect(await messageOf(expect('./nosuch').not.toShutDownGracefully())).toMatch(want);
});
