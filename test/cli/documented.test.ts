import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { read } from '../unit/docs/documents.ts';
import { cleanUp, ROOT, shutdownCheck, temporaryFolder } from './support.ts';

/** Commands of the documentation that take no engine and little time, and how they end in the folder of the shop. */
const QUICK: readonly (readonly [document: string, line: string, exitCode: number, shows: RegExp])[] = [
  ['README.md', 'lint ./Dockerfile', 1, /SHELL_FORM/],
  ['docs/lint.md', 'lint .', 1, /Dockerfile:6:\d+ error SHELL_FORM/],
  ['docs/lint.md', 'lint ./api/Dockerfile --context .', 0, /Nothing to tell/],
  ['docs/README.md', 'explain', 0, /Causes: /],
  ['docs/README.md', 'explain SHELL_IS_PID1', 0, /^SHELL_IS_PID1\n/],
  ['docs/scenarios.md', 'scenarios --list', 0, /legacy/],
  ['docs/reports.md', 'report reports/result.json --reporter markdown=reports/summary.md', 0, /FAIL/],
  ['docs/run.md', 'run --help', 0, /Usage: shutdown-check run/],
];

/** The shop drains when it is PID 1 itself, and not behind a shell or npm. */
const RUN: readonly (readonly [document: string, line: string, exitCode: number, shows: RegExp])[] = [
  ['docs/exec.md', 'exec --grace 500ms -- node server.js', 0, /^PASS/],
  ['docs/exec.md', 'exec -- npm start', 1, /SIGNAL_NOT_FORWARDED/],
  [
    'docs/exec.md',
    "exec --load none --job-start 'job (\\d+) begins' --job-end 'job (\\d+) done' -- node worker.js",
    0,
    /^PASS/,
  ],
];

let shop: string;

beforeAll(async () => {
  shop = await temporaryFolder();
  await cp(path.join(ROOT, 'test/fixtures/shop'), shop, { recursive: true });
  await mkdir(path.join(shop, 'reports'));
  for (const file of ['result.json', 'result.ledger.gz'])
    await cp(path.join(ROOT, 'reports/example', file), path.join(shop, 'reports', file));
});

afterAll(cleanUp);

describe('what the documentation says, in a folder of a reader’s', () => {
  test.each([...QUICK, ...RUN])(
    '%s: shutdown-check %s',
    async (document, line, exitCode, shows) => {
      expect(read(document)).toContain(`shutdown-check ${line}`);
      const ended = await shutdownCheck(wordsOf(line), { cwd: shop });
      expect(ended.stdout).toMatch(shows);
      expect(ended.exitCode).toBe(exitCode);
    },
    60_000,
  );
});

/** The words of a line with simple quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);
}
