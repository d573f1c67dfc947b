import { describe, expect, test } from 'vitest';

import { processesOf } from '../../../../src/engines/docker/process-helper.ts';
import { firstThatWorks } from '../../../../src/engines/docker/processes.ts';
import { masksOf, processFrom } from '../../../../src/engines/proc/status.ts';
import type { ProcessReading } from '../../../../src/engines/engine.ts';

const NONE = '0000000000000000';
const status = (pid: number, ppid: number, name: string, state = 'S (sleeping)'): string =>
  [
    `Name:\t${name}`,
    `State:\t${state}`,
    `Pid:\t${pid}`,
    `PPid:\t${ppid}`,
    `SigBlk:\t${NONE}`,
    `SigIgn:\t0000000000001000`,
    `SigCgt:\t0000000000004002`,
  ].join('\n');

describe('a process out of /proc', () => {
  test('has its numbers, its words with blanks between, and its masks', () => {
    expect(processFrom(status(12, 1, 'node'), 'node\0server.js\0', 1)).toEqual({
      pid: 12,
      ppid: 1,
      isPid1: false,
      command: 'node server.js',
      state: 'S',
      masks: { caught: '0000000000004002', ignored: '0000000000001000', blocked: NONE },
    });
  });

  test('without a command line goes by its name', () => {
    expect(processFrom(status(1, 0, 'sh'), '', 1)).toMatchObject({ isPid1: true, command: 'sh' });
    expect(processFrom(status(7, 1, 'sh', 'Z (zombie)'), '', 1)?.command).toBe('[sh] <defunct>');
  });

  test('that ended while it was read is none', () => {
    expect(processFrom('', 'node\0', 1)).toBeNull();
  });

  test('has no masks unless all three are there; one that was shortened counts', () => {
    expect(masksOf(NONE, '', NONE)).toBeNull();
    expect(masksOf('-', '-', '-')).toBeNull();
    expect(masksOf('<00004002', NONE, NONE)?.caught).toBe('00004002');
  });
});

test('the answer of a helper is the processes beside it, whatever stands in their command lines', () => {
  const answer = [
    'm self 9\n',
    `m process\n${status(1, 0, 'sh')}\n\nsh\0-c\0two\n\nlines\0`,
    `m process\n${status(6, 1, 'node')}\n\nnode\0server.js\0`,
    'm process\n\n',
    `m process\n${status(9, 0, 'sh')}\n\nsh\0-c\0while\0`,
    `m process\n${status(10, 9, 'cat')}\n\ncat\0`,
    'm end\n',
  ].join('');
  expect(processesOf(answer, 'm').map(({ pid, command }) => [pid, command])).toEqual([
    [1, 'sh -c two\n\nlines'],
    [6, 'node server.js'],
  ]);
});

test('of the ways to read processes the first that works is kept, also when it fails later', async () => {
  const reading: ProcessReading = { by: 'proc', processes: [] };
  const given: (ProcessReading | null)[] = [reading, null];
  const asked: string[] = [];
  const read = firstThatWorks([
    () => Promise.resolve((asked.push('first'), null)),
    () => Promise.resolve((asked.push('second'), given.shift() ?? null)),
  ]);
  expect([await read(), await read()]).toEqual([reading, null]);
  expect(asked).toEqual(['first', 'second', 'second']);
});
