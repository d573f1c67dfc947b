import { expect, test } from 'vitest';

import { readEffective } from '../../../src/image/effective.ts';
import { followLaunch } from '../../../src/lint/launch.ts';
import { programsOf } from '../../../src/without-engine/programs.ts';

const SCRIPTS: Readonly<Record<string, string>> = {
  './start.sh': '#!/bin/sh\nexec "$@"\n',
  './bash.sh': '#!/usr/bin/env bash\nnode server.js &\nwait\n',
};

const needs = async (lines: string, init = false) => {
  const image = readEffective(`FROM x\n${lines}`, 'Dockerfile', { buildTarget: null, buildArgs: {} });
  const find = (name: string) =>
    SCRIPTS[name] === undefined
      ? ({ kind: 'unread', because: 'it is not there' } as const)
      : ({ kind: 'text', file: name, text: SCRIPTS[name] } as const);
  const files = {
    program: (name: string) => Promise.resolve(find(name)),
    beside: (name: string) => Promise.resolve(find(name)),
  };
  const programs = programsOf(await followLaunch(image, files), [{ name: 'pnpm', major: 10 }], init);
  return programs.map(({ name, major }) => (major === null ? name : `${name} ${major}`)).toSorted();
};

const cases: readonly (readonly [line: string, programs: readonly string[]])[] = [
  ['CMD ["node", "server.js"]', ['node 24', 'pnpm 10']],
  ['CMD node server.js', ['node 24', 'pnpm 10', 'sh']],
  ['CMD ["bash", "-c", "node server.js"]', ['bash', 'node 24', 'pnpm 10']],
  ['CMD ["tini", "--", "npm", "start"]', ['node 24', 'npm 11', 'pnpm 10', 'sh', 'tini']],
  ['CMD ["./start.sh", "node", "server.js"]', ['node 24', 'pnpm 10', 'sh']],
  ['CMD ["./bash.sh"]', ['bash', 'node 24', 'pnpm 10']],
];
test.each(cases)('%s takes its programs and the shells between them', async (line, programs) => {
  expect(await needs(line)).toEqual(programs);
});

test('an engine’s own init is tini', async () => {
  expect(await needs('CMD ["node"]', true)).toContain('tini');
});
