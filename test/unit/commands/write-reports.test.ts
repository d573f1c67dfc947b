import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { checkOutput } from '../../../src/commands/output-flags.ts';
import { writeReports } from '../../../src/commands/write-reports.ts';
import { CannotRunError } from '../../../src/errors.ts';
import { PLAIN_LOOK, type Saved } from '../../../src/report/reporter.ts';
import type { ReporterChoice } from '../../../src/report/reporters.ts';
import { RESULTS } from '../report/fixtures/results.ts';

const SAVED: Saved = { result: RESULTS['shell']!, ledgers: [] };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'write-reports-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('a report goes into its file, in a folder that is made for it, and is noted', async () => {
  const written: string[] = [];
  const file = path.join(folder, 'new', 'junit.xml');
  const choices: readonly ReporterChoice[] = [
    { name: 'table', file: null },
    { name: 'junit', file },
  ];
  await writeReports(SAVED, choices, PLAIN_LOOK, (one) => written.push(one));
  expect(written).toEqual([file]);
  expect(await readFile(file, 'utf8')).toContain('<testsuite ');
});

test('one that cannot be written is named, and keeps no other from being', async () => {
  const taken = path.join(folder, 'taken');
  await writeFile(taken, '');
  const choices: readonly ReporterChoice[] = [
    { name: 'junit', file: path.join(taken, 'junit.xml') },
    { name: 'sarif', file: path.join(folder, 'result.sarif') },
  ];
  const failure = await writeReports(SAVED, choices, PLAIN_LOOK, () => {}).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CannotRunError);
  expect((failure as CannotRunError).message).toMatch(/^--reporter junit=.+taken\/junit\.xml cannot be written: /);
  expect(JSON.parse(await readFile(path.join(folder, 'result.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
});

test.each<[string, { json?: string; reporters?: readonly ReporterChoice[] }, RegExp]>([
  [
    'two to standard output',
    {
      reporters: [
        { name: 'junit', file: null },
        { name: 'sarif', file: null },
      ],
    },
    /^--reporter junit and --reporter sarif would both write to standard output\.$/,
  ],
  [
    'JSON and another to standard output',
    { json: '-', reporters: [{ name: 'github', file: null }] },
    /^--json - and --reporter github would both write to standard output\.$/,
  ],
  [
    'two into one file, however it is named',
    { json: 'a.json', reporters: [{ name: 'json', file: './a.json' }] },
    /^--json a\.json and --reporter json=\.\/a\.json would both write to a\.json\.$/,
  ],
])('%s are refused', (_, { json = null, reporters = [] }, message) => {
  expect(() => checkOutput({ json, reporters })).toThrow(message);
});

test('one to standard output and others into files of their own are taken', () => {
  const reporters: readonly ReporterChoice[] = [
    { name: 'junit', file: null },
    { name: 'junit', file: 'junit.xml' },
    { name: 'sarif', file: 'result.sarif' },
  ];
  expect(() => checkOutput({ json: 'result.json', reporters })).not.toThrow();
});
