import { describe, expect, test } from 'vitest';

import type { Look } from '../../../../src/report/look.ts';
import { proofLines, proofOffer } from '../../../../src/report/table/proof.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { RunRecord } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { failing } from '../../proof/failing.ts';
import { MENDED, MENDED_BY_TWO, NOT_MENDED, proven } from '../fixtures/proofs.ts';
import { PASS, resultOf } from '../fixtures/records.ts';
import { NOTHING, SHELL } from '../fixtures/runs.ts';

const PLAIN: Look = { color: false, width: 80, unicode: true };

test.each([
  ['mended', MENDED],
  ['mended-by-two', MENDED_BY_TWO],
  ['not-mended', NOT_MENDED],
])('the proof of a run that is %s reads as its golden file', async (name, run) => {
  const report = renderReport(resultOf([run]), PLAIN);
  const fromCause = report.slice(report.indexOf('Cause'), report.indexOf('Requests\n'));
  expect(fromCause.split('\n').filter((line) => line.length > 80)).toEqual([]);
  await expectGolden(`proof-${name}.txt`, fromCause);
});

test('what was proven goes before what is usual, in the report alone', () => {
  expect(renderReport(resultOf([MENDED]), PLAIN)).not.toContain('Do: Write');
  expect(MENDED.findings).toEqual(SHELL.findings);
});

test.each([
  [PASS, 'Nothing to prove: the run passed.'],
  [NOTHING, 'Nothing to prove: the run did not tell whether it fails.'],
  [failing({ cause: 'ABRUPT_EXIT' }), 'Nothing to try: no other way to start or to stop it is known to help here.'],
])('a proof of nothing says why', (run, sentence) => {
  expect(proofLines(proven(run, []), PLAIN)).toEqual(['Proof', `  ${sentence}`]);
  expect(proofLines({ ...run, plan: PASS.plan, proofs: [] }, PLAIN)).toEqual([]);
});

describe('the offer to try remedies', () => {
  const offered = (run: RunRecord): string => proofOffer(resultOf([run]), PLAIN);

  test('is a line after a failing report', () => {
    expect(offered(SHELL)).toBe('\nTo try remedies: shutdown-check run ./Dockerfile … --prove\n');
  });

  test.each([
    ['my app/Dockerfile', "'my app/Dockerfile'"],
    ["it's/$x", String.raw`'it'\''s/$x'`],
    ['team/app:1.2@sha256:ab', 'team/app:1.2@sha256:ab'],
  ])('names %s as a shell takes it', (reference, word) => {
    const run = { ...SHELL, target: { ...SHELL.target, reference } };
    expect(offered(run)).toContain(`shutdown-check run ${word} …`);
  });

  test.each([
    ['a pass', PASS],
    ['what was proven already', MENDED],
    ['what only the app can mend', failing({ cause: 'ABRUPT_EXIT', plan: { prove: false } })],
  ])('is not made for %s', (_title, run) => {
    expect(offered(run)).toBe('');
  });

  test('is not made for several runs', () => {
    expect(proofOffer(resultOf([SHELL, SHELL]), PLAIN)).toBe('');
  });
});
