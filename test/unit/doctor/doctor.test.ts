import { readFile } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { LINE_NAMES, type LineName } from '../../../src/doctor/line.ts';
import { canOf, linesOf } from '../../../src/doctor/lines.ts';
import type { Machine } from '../../../src/doctor/machine.ts';
import { renderDoctor, TITLES } from '../../../src/report/doctor-text.ts';
import { PLAIN_LOOK } from '../../../src/report/reporter.ts';
import { TOOL } from '../../../src/tool.ts';
import { expectGolden } from '../../golden/golden.ts';
import { BARE, COMPLETE, DESKTOP, FAR } from './machines.ts';

const resultOf = (machine: Machine) =>
  ({ schemaVersion: 1, tool: TOOL, can: canOf(machine), lines: linesOf(machine), machine }) as const;

const line = (machine: Machine, name: LineName) => linesOf(machine).find((one) => one.name === name);

const MACHINES = [
  ['complete', COMPLETE],
  ['desktop', DESKTOP],
  ['bare', BARE],
  ['far', FAR],
] as const;

describe.each(MACHINES)('the machine %s', (name, machine) => {
  const text = renderDoctor(resultOf(machine), PLAIN_LOOK);

  test('reads as its golden file', async () => {
    await expectGolden(`doctor-${name}.txt`, text);
  });

  test('fits into 80 columns', () => {
    // A command is for copying, and stays whole.
    expect(text.split('\n').filter((one) => one.length > 80 && !one.includes('`'))).toEqual([]);
  });

  test('is told of in every line, once, in their order', () => {
    expect(linesOf(machine).map((one) => one.name)).toEqual(LINE_NAMES);
  });

  test('has for everything that is limited or missing what it costs and what to do', () => {
    const lacking = linesOf(machine).filter(({ state }) => state === 'limited' || state === 'missing');
    expect(lacking.filter(({ costs, remedy }) => costs === null || remedy === null)).toEqual([]);
    const well = linesOf(machine).filter(({ state }) => state === 'ok');
    expect(well.filter(({ costs, remedy }) => costs !== null || remedy !== null)).toEqual([]);
  });
});

test('the documentation tells of every line, under its own name', async () => {
  const page = await readFile('docs/doctor.md', 'utf8');
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(LINE_NAMES.map((name) => TITLES[name]));
});

test.each([
  ['both', COMPLETE, { run: true, exec: true }],
  ['only images, as outside of Linux', DESKTOP, { run: true, exec: false }],
  ['only commands', { ...COMPLETE, engine: BARE.engine }, { run: false, exec: true }],
  ['neither', BARE, { run: false, exec: false }],
  ['neither with too few files for a load', FAR, { run: false, exec: false }],
  [
    'neither under an old Node',
    { ...COMPLETE, node: { ...COMPLETE.node, isNewEnough: false } },
    { run: false, exec: false },
  ],
] as const)('what can be checked: %s', (_, machine, can) => {
  expect(canOf(machine)).toEqual(can);
});

test('an error of the engine cannot steer the terminal', () => {
  const engine = { kind: 'none', message: 'gone\u001b[2J\u0007', detail: [], nextStep: null } as const;
  expect(renderDoctor(resultOf({ ...COMPLETE, engine }), PLAIN_LOOK)).not.toMatch(/(?!\n)\p{Cc}/u);
});

test('only the look decides about colours', () => {
  expect(renderDoctor(resultOf(BARE), { ...PLAIN_LOOK, color: true })).toContain('\u001b[');
});

describe('a line', () => {
  test('about processes says that /proc does where `ps` does not', () => {
    const ofPs = (ps: string | null) =>
      line({ ...COMPLETE, processes: { kind: 'here', ps, masks: false } }, 'processes');
    expect(ofPs('BusyBox v1.36.1')).toMatchObject({ state: 'ok', found: expect.stringContaining('(BusyBox v1.36.1)') });
    expect(ofPs(null)).toMatchObject({ state: 'ok', found: expect.stringContaining('there is no `ps`') });
    const processes = { kind: 'asked', container: 'web', masks: false, isHere: true } as const;
    expect(line({ ...COMPLETE, processes }, 'processes')).toMatchObject({ state: 'ok' });
  });

  test('about the kernel tells commands from containers that run elsewhere', () => {
    const elsewhere = { ...COMPLETE, engine: DESKTOP.engine };
    expect(line(elsewhere, 'kernel')).toMatchObject({
      state: 'limited',
      found: expect.stringContaining('Of commands only'),
    });
  });

  test('about clocks allows for what the question took', () => {
    const offset = (offsetMs: number, withinMs: number) =>
      line({ ...COMPLETE, clock: { kind: 'told', offsetMs, withinMs } }, 'clock')?.state;
    expect([offset(90, 2), offset(-900, 850), offset(900, 2), offset(-900, 2)]).toEqual([
      'ok',
      'ok',
      'limited',
      'limited',
    ]);
  });

  test.each([
    ['registry', { registry: { kind: 'unanswered', afterMs: 5_000 } }, 'limited', 'No answer in 5 s.'],
    ['registry', { registry: { kind: 'unknown', because: 'so it is' } }, 'unknown', 'so it is'],
    ['address', { address: { kind: 'unknown', because: 'there is no bridge' } }, 'unknown', 'there is no bridge'],
    ['address', { address: { kind: 'unanswered', afterMs: 5_000 } }, 'unknown', 'No answer'],
    ['processes', { processes: { kind: 'unanswered', afterMs: 5_000 } }, 'unknown', 'No answer'],
    ['commands', { namespaces: { kind: 'unanswered', afterMs: 15_000 } }, 'unknown', 'No answer in 15 s.'],
    ['clock', { clock: { kind: 'unknown' } }, 'unknown', 'does not tell its time'],
    ['files', { files: { limit: 600, connections: 500 } }, 'limited', 'an answer may take 250 ms'],
    ['builder', { builder: { ...COMPLETE.builder, buildx: null, builder: 'legacy' } }, 'limited', 'has no buildx'],
  ] as const)('about %s that is not as it should be: %j', (name, more, state, found) => {
    expect(line({ ...COMPLETE, ...more }, name)).toMatchObject({ state, found: expect.stringContaining(found) });
  });
});
