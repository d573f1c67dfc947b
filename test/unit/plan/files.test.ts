import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEnvFile } from '../../../src/plan/env-file.ts';
import { readRequestsFile } from '../../../src/plan/requests-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shutdown-check-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileWith(text: string): Promise<string> {
  const file = join(folder, 'input');
  await writeFile(file, text);
  return file;
}

describe('readEnvFile', () => {
  test('takes values as they are, and bare names from the environment, as docker does', async () => {
    const file = await fileWith('\uFEFF# comment\n\nA=1\r\n  B="two = 2" # no comment\nPASSED\nUNSET\nEMPTY=\n');
    expect(await readEnvFile(file, { PASSED: 'on' })).toEqual({
      A: '1',
      B: '"two = 2" # no comment',
      PASSED: 'on',
      EMPTY: '',
    });
  });

  test('names the line that names no variable', async () => {
    await expect(readEnvFile(await fileWith('A=1\nsome words=2\n'), {})).rejects.toThrow('input, line 2');
  });

  test('says which file is missing', async () => {
    await expect(readEnvFile('/nowhere/.env', {})).rejects.toThrow('--env-file /nowhere/.env cannot be read');
  });
});

describe('readRequestsFile', () => {
  test('reads shares and periods', async () => {
    const file = await fileWith('[{ "path": "/", "share": 3 }, { "path": "/report", "every": "4s" }]');
    expect(await readRequestsFile(file)).toEqual([
      { path: '/', share: 3 },
      { path: '/report', everyMs: 4_000 },
    ]);
  });

  test.each([
    ['{', 'is no JSON'],
    ['{}', 'holds no list of requests'],
    ['[]', 'holds no list of requests'],
    ['[1]', 'entry 1 cannot be 1'],
    ['[{ "path": "orders" }]', 'entry 1: path cannot be "orders"'],
    ['[{ "path": "/" }, { "pth": "/" }]', 'entry 2: there is no "pth". Did you mean "path"?'],
    ['[{ "path": "/", "every": "soon" }]', 'entry 1: every cannot be "soon"'],
    ['[{ "path": "/", "every": "4s", "share": 1 }]', 'both a share of the rate and a period'],
    ['[{ "path": "/", "share": 0 }]', 'entry 1: share cannot be 0'],
    ['[{ "path": "/", "method": "A B" }]', 'entry 1: method cannot be "A B"'],
    ['[{ "path": "/", "body": "{}" }]', 'has a body, and GET carries none'],
    ['[{ "path": "/", "headers": { "Connection": "close" } }]', 'The load sets "Connection" itself'],
    ['[{ "path": "/", "headers": ["a"] }]', 'headers cannot be ["a"]'],
  ])('refuses %s', async (text, want) => {
    await expect(readRequestsFile(await fileWith(text))).rejects.toThrow(want);
  });
});
