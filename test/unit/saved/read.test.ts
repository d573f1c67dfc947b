import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CannotRunError } from '../../../src/errors.ts';
import { readSaved } from '../../../src/saved/read.ts';
import { PLAIN_LOOK, type Reporter, type Saved } from '../../../src/report/reporter.ts';
import { REPORTERS, type ReporterName } from '../../../src/report/reporters.ts';
import { RESULTS } from '../report/fixtures/results.ts';

const EXAMPLE = await readFile('reports/example/result.json', 'utf8');
const SAVED = ['of-the-first-version', 'before-the-evidence', 'before-the-kernel'];
/** How deep into a run or a roll-out each field is changed. */
const DEPTH = 5;
/** Of each kind a result that is changed, and the part of it that is. */
const CHANGED = [
  ['a run', EXAMPLE, ['runs'], DEPTH],
  ['a run of a pod', JSON.stringify(RESULTS['pod']), ['runs'], DEPTH],
  ['a roll-out', JSON.stringify(RESULTS['rollout']), ['rollouts'], DEPTH],
  ['a budget', JSON.stringify(RESULTS['budget']), ['budget'], Infinity],
  ['a budget without advice', JSON.stringify(RESULTS['budget-mend-first']), ['budget'], Infinity],
  ['repeated runs', JSON.stringify(RESULTS['repeats']), ['repeats'], Infinity],
  ['a baseline', JSON.stringify(RESULTS['worse']), ['baseline'], Infinity],
] as const;

let folder: string;
let reporters: readonly Reporter[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'read-saved-'));
  reporters = await Promise.all(Object.values(REPORTERS).map(async (load) => await load()));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('a result that an earlier version has saved', () => {
  test.each(SAVED)('%s is rendered in every format', async (name) => {
    const saved = await readSaved(`test/fixtures/saved/${name}.json`);
    for (const format of Object.keys(REPORTERS) as ReporterName[]) {
      const reporter = await REPORTERS[format]();
      expect(reporter(saved, PLAIN_LOOK)).toContain('SHELL_IS_PID1');
    }
  });
});

describe('a file that is no result', () => {
  test.each([
    ['text', 'hello', /^.*broken\.json is no JSON: /],
    ['a list', '[]', /is no result of shutdown-check: it has no schemaVersion/],
    ['null', 'null', /is no result of shutdown-check/],
    ['another JSON', '{"name":"x"}', /is no result of shutdown-check/],
    ['of a later version', '{"schemaVersion":2,"runs":[]}', /its schema is 2, and this one reads up to 1/],
    ['without runs', '{"schemaVersion":1}', /is no whole result: tool is missing/],
    ['cut off', EXAMPLE.slice(0, 5_000), /is no JSON/],
  ])('as %s is refused, and it is said why', async (_, text, why) => {
    const file = path.join(folder, 'broken.json');
    await writeFile(file, text);
    await expect(readSaved(file)).rejects.toThrow(why);
    await expect(readSaved(file)).rejects.toThrow(CannotRunError);
  });

  test('as none at all is refused', async () => {
    await expect(readSaved(path.join(folder, 'none.json'))).rejects.toThrow(/none\.json cannot be read/);
  });
});

describe('a result of which a field is missing, null or of another kind', () => {
  test.each(CHANGED)(
    '%s is rendered or refused, and never breaks a reporter',
    async (_, text, part, depth) => {
      const file = path.join(folder, 'result.json');
      const told = { rendered: 0, refused: 0 };
      const broken: string[] = [];
      for (const at of fieldsOf(valueAt(JSON.parse(text), part), part, depth)) {
        for (const change of ['out', 'null', 'other'] as const) {
          await writeFile(file, JSON.stringify(changed(JSON.parse(text), at, change)));
          const saved = await readSaved(file).catch((error: unknown) => {
            if (error instanceof CannotRunError) return null;
            throw error;
          });
          if (saved !== null) broken.push(...breaking(saved).map((error) => `${at.join('.')} ${change}: ${error}`));
          told[saved === null ? 'refused' : 'rendered']++;
        }
      }
      expect(broken).toEqual([]);
      expect(told.rendered).toBeGreaterThan(0);
      expect(told.refused).toBeGreaterThan(0);
    },
    120_000,
  );
});

/** What each reporter that cannot show it says. */
function breaking(saved: Saved): readonly string[] {
  return reporters.flatMap((reporter) => {
    try {
      reporter(saved, PLAIN_LOOK);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
}

function* fieldsOf(value: unknown, at: readonly string[], depth: number): Generator<readonly string[]> {
  if (at.length >= depth || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) yield* fieldsOf(value[0], [...at, '0'], depth);
  else
    for (const [name, inner] of Object.entries(value)) {
      yield [...at, name];
      yield* fieldsOf(inner, [...at, name], depth);
    }
}

function valueAt(value: unknown, at: readonly string[]): unknown {
  return at.reduce((holder, name) => (holder as Record<string, unknown>)[name], value);
}

function changed(result: unknown, at: readonly string[], change: 'out' | 'null' | 'other'): unknown {
  const holder = valueAt(result, at.slice(0, -1)) as Record<string, unknown>;
  const name = at.at(-1)!;
  if (change === 'out') delete holder[name];
  else holder[name] = change === 'null' ? null : typeof holder[name] === 'string' ? 7 : 'x';
  return result;
}
