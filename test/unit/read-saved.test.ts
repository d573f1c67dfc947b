import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CannotRunError } from '../../src/errors.ts';
import { readSaved } from '../../src/read-saved.ts';
import { PLAIN_LOOK, type Reporter } from '../../src/report/reporter.ts';
import { REPORTERS, type ReporterName } from '../../src/report/reporters.ts';

const EXAMPLE = await readFile('reports/example/result.json', 'utf8');
const SAVED = ['of-the-first-version', 'before-the-evidence', 'before-the-kernel'];
/** How deep into the result each field is taken out. */
const DEPTH = 5;

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

test('a result of which a field is missing, null or of another kind is rendered or refused, and never breaks a reporter', async () => {
  const file = path.join(folder, 'result.json');
  let rendered = 0;
  let refused = 0;
  for (const at of fieldsOf(JSON.parse(EXAMPLE), [])) {
    for (const change of ['out', 'null', 'other'] as const) {
      await writeFile(file, JSON.stringify(changed(at, change)));
      const saved = await readSaved(file).catch((error: unknown) => {
        if (error instanceof CannotRunError) return null;
        throw error;
      });
      if (saved === null) refused++;
      else {
        for (const reporter of reporters) reporter(saved, PLAIN_LOOK);
        rendered++;
      }
    }
  }
  expect(rendered).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
}, 120_000);

function* fieldsOf(value: unknown, at: readonly string[]): Generator<readonly string[]> {
  if (at.length >= DEPTH || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) yield* fieldsOf(value[0], [...at, '0']);
  else
    for (const [name, inner] of Object.entries(value)) {
      yield [...at, name];
      yield* fieldsOf(inner, [...at, name]);
    }
}

function changed(at: readonly string[], change: 'out' | 'null' | 'other'): unknown {
  const result: unknown = JSON.parse(EXAMPLE);
  let holder = result as Record<string, unknown>;
  for (const name of at.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  const name = at.at(-1)!;
  if (change === 'out') delete holder[name];
  else holder[name] = change === 'null' ? null : typeof holder[name] === 'string' ? 7 : 'x';
  return result;
}
