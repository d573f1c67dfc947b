import { expect, test } from 'vitest';
import type { Look } from '../../../../src/report/look.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { Result, RunRecord } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { PASS, counts, requests, resultOf } from '../fixtures/records.ts';
import { HELD, NOTHING, POD, SCENARIOS, SHELL, STARTING, STUCK, WORKER } from '../fixtures/runs.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };

const REPORTS: readonly (readonly [string, readonly RunRecord[], Look])[] = [
  ['pass', [PASS], PLAIN],
  ['shell-pid1', [SHELL], PLAIN],
  ['shell-pid1-ascii', [SHELL], { ...PLAIN, unicode: false }],
  ['shell-pid1-color', [SHELL], { ...PLAIN, color: true }],
  ['stuck', [STUCK], PLAIN],
  ['nothing-in-flight', [NOTHING], PLAIN],
  ['held', [HELD], PLAIN],
  ['worker', [WORKER], PLAIN],
  ['starting', [STARTING], PLAIN],
  ['pod', [POD], PLAIN],
  ['scenarios', SCENARIOS, PLAIN],
];

test.each(REPORTS)('the report of %s reads as its golden file', async (name, runs, look) => {
  await expectGolden(`report-${name}.txt`, renderReport(resultOf(runs), look));
});

test.each(REPORTS.filter(([, , look]) => !look.color))('the report of %s fits into 80 columns', (_, runs, look) => {
  const tooLong = renderReport(resultOf(runs), look)
    .split('\n')
    .filter((line) => line.length > 80);
  expect(tooLong).toEqual([]);
});

test('only the look decides about colours and characters beyond ASCII', () => {
  const ascii = renderReport(resultOf(SCENARIOS), { color: false, width: 80, unicode: false });
  expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
  expect(renderReport(resultOf([PASS]), { ...PLAIN, color: true })).toContain('\u001b[');
});

test('the output of the container cannot steer the terminal', () => {
  const logs = [{ stream: 'stdout', text: '\u001b[2J\u0007\rgone\u009b1m', atMs: 1 }] as const;
  const report = renderReport(resultOf([{ ...SHELL, observation: { ...SHELL.observation, logs } }]), PLAIN);
  expect(report).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('signal masks that could not be read are said to be missing, and why', () => {
  const snapshots = [{ atMs: -1, by: 'engine', processes: [], withoutMasksBecause: 'there is no `ps`' }] as const;
  const report = renderReport(resultOf([{ ...PASS, observation: { ...PASS.observation, snapshots } }]), PLAIN);
  expect(report).toContain('Signal masks could not be read: there is no `ps`.');
});

test('a pattern that no line matched is said to have matched none', () => {
  const plan = { ...PASS.observation.plan, logMatch: ['bye'] };
  const report = renderReport(resultOf([{ ...PASS, observation: { ...PASS.observation, plan } }]), PLAIN);
  expect(report).toContain('Log matches\n  No line matched bye.');
});

test.each([1, 9, 10, 11, 14, 18, 40])('no line of the output is shown twice, whatever there is: %i lines', (many) => {
  const lineAt = (nth: number) => ({ stream: 'stdout', text: `line ${nth}.`, atMs: (nth - many / 3) * 100 }) as const;
  const logs = Array.from({ length: many }, (_, nth) => lineAt(nth));
  const report = renderReport(
    resultOf([{ ...SHELL, observation: { ...SHELL.observation, logs, logLinesDropped: 0 } }]),
    PLAIN,
  );
  const shown = report.match(/line \d+\./g) ?? [];
  expect(new Set(shown).size).toBe(shown.length);
  const hidden = Number(/(\d+) earlier lines? not shown/.exec(report)?.[1] ?? 0);
  expect(shown.length + hidden).toBe(many);
});

test('one scenario alone gets the whole report, and says whether it was as expected', () => {
  const [, , , odd] = SCENARIOS;
  const report = renderReport(resultOf(odd ? [odd] : []), PLAIN);
  expect(report).toContain('Scenario tini: NOT as expected.\n  - verdict inconclusive, expected pass');
  expect(report).toContain('Measured');
});

const NEWER = new Set(
  'otherwise goneByMs kernel sockets jobs jobsForgotten becameReadyAtMs when logMatch prove kernelTrace proofs'.split(
    ' ',
  ),
);

test.each(REPORTS)('the report of %s is made of a result from before some of its fields, too', (_, runs, look) => {
  const told = JSON.stringify(resultOf(runs), (key, value: unknown) => (NEWER.has(key) ? undefined : value));
  expect(renderReport(JSON.parse(told) as Result, look)).not.toMatch(/undefined|NaN/);
});

test('only where it was to be asked is the kernel said not to have been', () => {
  const asked = (kernelTrace: 'auto' | 'off'): string => {
    const resolved = { ...PASS.plan.resolved, kernelTrace };
    return renderReport(resultOf([{ ...PASS, plan: { ...PASS.plan, resolved } }]), PLAIN);
  };
  expect(asked('auto')).toContain('  The kernel was not asked: tracefs is not mounted.\n');
  expect(asked('off')).not.toContain('kernel');
});

test.each([
  [
    { started: 9, underWayAtSignal: 2 },
    'All 9 jobs were finished, among them the 2 that were under way at the signal,',
  ],
  [
    { started: 9, underWayAtSignal: 1 },
    'All 9 jobs were finished, among them the one that was under way at the signal,',
  ],
  [{ started: 1, underWayAtSignal: 1 }, 'The one job, under way at the signal, was finished,'],
])('a worker that lost nothing reads as a person would say it: %j', (jobs, want) => {
  const passed: RunRecord = {
    ...WORKER,
    verdict: 'pass',
    findings: [],
    jobs: { ...jobs, finished: jobs.started, lost: 0 },
  };
  expect(renderReport(resultOf([passed]), { ...PLAIN, width: 120 })).toContain(`PASS  ${want} and it exited`);
});

test('requests lost in the unavoidable race are told apart from what the stop cost', () => {
  const raced: RunRecord = {
    ...PASS,
    requests: requests(
      { before: counts(), inFlight: counts({ completed: 3 }), after: counts({ lost: 2 }) },
      { fresh: counts({ completed: 3 }), pooled: counts({ lost: 2 }) },
      { lostRead: 0, lostUnread: 2 },
    ),
    findings: [{ code: 'KEEPALIVE_RESET', severity: 'warning', message: 'Crossed.', advice: null, args: { count: 2 } }],
  };
  const [first = ''] = renderReport(resultOf([raced]), { ...PLAIN, width: 300 }).split('\n');
  expect(first).toContain('PASS  All 3 requests in flight at the signal were answered');
  expect(first).toContain('2 requests crossed with the closing, unread');
});

test.each([
  [{ exitCode: 3, sigkillFired: false }, 'FAIL  Nothing was lost, but exit code 3 is not an accepted one.'],
  [
    { exitCode: 137, sigkillFired: true },
    'FAIL  Nothing was lost, but the engine had to SIGKILL it after the grace period',
  ],
])('a fail without any loss says what it failed for: %j', (ending, want) => {
  const run: RunRecord = { ...PASS, verdict: 'fail', termination: { ...PASS.termination, ...ending } };
  expect(renderReport(resultOf([run]), { ...PLAIN, width: 120 })).toContain(want);
});

test('sidecars are told in the order in which they were stopped, with how each ended', () => {
  const one = {
    name: 'proxy',
    signal: 'SIGTERM',
    signalledAtMs: 900,
    endedAtMs: 950,
    exitCode: 0,
    sigkillFired: false,
  };
  const sidecars = [
    one,
    { ...one, name: 'log', signalledAtMs: 400, endedAtMs: 10_010, exitCode: 137, sigkillFired: true },
    { ...one, name: 'gone', signalledAtMs: null, endedAtMs: null, exitCode: 1 },
  ];
  const report = renderReport(resultOf([{ ...PASS, termination: { ...PASS.termination, sidecars } }]), PLAIN);
  expect(report).toContain(
    [
      '  Sidecar gone: ended by itself before its turn, exit code 1.',
      '  Sidecar log: SIGTERM at 400 ms, then SIGKILL, exit code 137 at 10.0 s.',
      '  Sidecar proxy: SIGTERM at 900 ms, exit code 0 at 950 ms.',
    ].join('\n'),
  );
});

test('of the services of one file there is a table, and then the report of each', () => {
  const service = (name: string, run: RunRecord): RunRecord => {
    const resolved = { ...run.plan.resolved, service: name };
    return { ...run, plan: { ...run.plan, resolved } };
  };
  const report = renderReport(resultOf([service('api', PASS), service('web', SHELL)]), PLAIN);
  const [headline = '', , head, , ...rows] = report.split('\n');
  expect(headline).toMatch(/^FAIL {2}1 of 2 services passed, in /);
  expect(head).toMatch(/^service +verdict +why +SIG +exit +lost +drain$/);
  expect(rows.slice(0, 2)).toEqual([
    expect.stringMatching(/^api +pass /),
    expect.stringMatching(/^web +fail +SHELL_IS_PID1 /),
  ]);
  for (const [name, run] of [
    ['api', PASS],
    ['web', SHELL],
  ] as const) {
    const rule = `── ${name} ${'─'.repeat(75 - name.length)}`;
    expect(report).toContain(`${rule}\n\n${renderReport(resultOf([run]), PLAIN)}`);
  }
});

test('a preStop hook that never ran, for want of a grace period, is not told of', () => {
  const report = renderReport(resultOf([{ ...POD, termination: { ...POD.termination, preStop: null } }]), PLAIN);
  expect(report).not.toMatch(/preStop (exec|is done)/);
});

test('a sequence with only pooled connections does not say that the app went on accepting', () => {
  const resolved = {
    ...POD.plan.resolved,
    preStop: null,
    load: { ...POD.plan.resolved.load, connections: 'pooled' },
  } as const;
  const termination = { ...POD.termination, preStop: null, exitedAtMs: 2500 };
  const run = { ...POD, findings: [], termination, plan: { ...POD.plan, resolved } };
  expect(renderReport(resultOf([run]), PLAIN)).toContain('Needs a preStop sleep of 3 s');
});

test('the sequence of a worker has no endpoint and needs no sleep', () => {
  const resolved = { ...POD.plan.resolved, load: WORKER.plan.resolved.load };
  const report = renderReport(resultOf([{ ...POD, findings: [], plan: { ...POD.plan, resolved } }]), PLAIN);
  expect(report).toContain('Needs no preStop sleep: nothing is routed to it');
  expect(report).not.toMatch(/its endpoint|no new connection/);
});

test('a pod that was gone while traffic was routed to it has that as its verdict, though no request was lost', () => {
  const [refused] = POD.findings;
  const findings = refused ? [{ ...refused, args: { ...refused.args, goneAtMs: 15 } }] : [];
  const run = { ...POD, findings, requests: { ...POD.requests, heldAgainst: 0 } };
  expect(renderReport(resultOf([run]), PLAIN)).toMatch(/it was gone 15 ms\s+after the stop\s+began/);
});
