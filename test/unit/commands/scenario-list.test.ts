import { expect, test } from 'vitest';

import { leftOut, listOf } from '../../../src/commands/scenario-list.ts';
import type { Sorted, WithoutEngine } from '../../../src/without-engine/sort-out.ts';

const sorted = (name: string, how: WithoutEngine): Sorted => ({
  scenario: {
    name,
    title: `What ${name} shows.`,
    options: { target: '.' },
    expected: { verdict: 'fail', findings: ['ABRUPT_EXIT', 'IN_FLIGHT_LOST'] },
  },
  how,
});

const ALL = [
  sorted('node', { kind: 'command', options: { command: ['node'] } }),
  sorted('nginx', { kind: 'image', because: 'its image brings Debian’s nginx' }),
  sorted('pnpm', { kind: 'missing', because: 'pnpm is not installed' }),
  sorted('nginx-2', { kind: 'image', because: 'its image brings Debian’s nginx' }),
];

test('the list says what each expects, and whether it runs without an engine', () => {
  expect(listOf(ALL.slice(0, 2))).toBe(
    [
      'node   What node shows.',
      '       expects: fail, ABRUPT_EXIT, IN_FLIGHT_LOST',
      '       without an engine: yes',
      'nginx  What nginx shows.',
      '       expects: fail, ABRUPT_EXIT, IN_FLIGHT_LOST',
      '       without an engine: no, its image brings Debian’s nginx',
      '',
    ].join('\n'),
  );
});

test('what is left out has a line for each reason', () => {
  expect(leftOut(ALL)).toEqual(['  nginx, nginx-2: its image brings Debian’s nginx', '  pnpm: pnpm is not installed']);
});
