import { expect, test } from 'vitest';

import type { AttachedFacts } from '../../../../src/engines/engine.ts';
import { proofOffer } from '../../../../src/report/table/proof.ts';
import { renderReport } from '../../../../src/report/table/table.ts';
import type { RunRecord } from '../../../../src/result.ts';
import { PASS, resultOf } from '../fixtures/records.ts';
import { SHELL } from '../fixtures/runs.ts';

const LOOK = { color: false, width: 80, unicode: true };

const FACTS: AttachedFacts = {
  name: 'shop-web-1',
  image: 'shop-web',
  startedBy: null,
  removedAtEnd: false,
  withoutLogBecause: null,
};

function withAttached(run: RunRecord, attached: Partial<AttachedFacts>): RunRecord {
  const target = { ...run.observation.target, attached: { ...FACTS, ...attached } };
  return { ...run, observation: { ...run.observation, target } };
}

/** The report in one line, so that no line end is in the way. */
const reportOf = (run: RunRecord): string => renderReport(resultOf([run]), LOOK).replace(/\s+/g, ' ');

test('a container that was started for the run is nobody else’s', () => {
  expect(reportOf(PASS)).not.toMatch(/left stopped|ran before/);
});

test.each([
  [{}, ''],
  [{ startedBy: { kind: 'compose', project: 'shop', service: 'web' } }, ', service web of the Compose project shop'],
  [{ startedBy: { kind: 'testcontainers' } }, ', started by testcontainers'],
] satisfies [Partial<AttachedFacts>, string][])('one that ran before is told by who started it: %j', (facts, whose) => {
  const report = reportOf(withAttached(PASS, facts));
  expect(report).toContain(`It ran before: the container shop-web-1 of the image shop-web${whose}.`);
  expect(report).toContain('It is left stopped, as `docker stop` leaves it; `docker start shop-web-1` brings it back.');
});

test('one that the engine removed is not said to be left', () => {
  const report = reportOf(withAttached(PASS, { removedAtEnd: true }));
  expect(report).toContain('The engine removed it when it ended, since it was started with `--rm`');
  expect(report).not.toContain('left stopped');
});

test('one whose log the engine cannot read is said to be so', () => {
  const withoutLogBecause = 'configured logging driver does not support reading';
  expect(reportOf(withAttached(PASS, { withoutLogBecause }))).toContain(
    `Its log could not be read: ${withoutLogBecause}.`,
  );
});

test('where remedies were not tried, its image is what is offered to be run', () => {
  expect(proofOffer(resultOf([withAttached(SHELL, {})]), LOOK)).toBe(
    '\nTo try remedies: shutdown-check run shop-web … --prove\n',
  );
});

test('one that ended before its signal, and runs again, is not said to be left stopped', () => {
  const run = withAttached(PASS, {});
  const exit = { ...run.observation.exit, startedAgain: true };
  const report = reportOf({ ...run, observation: { ...run.observation, exit } });
  expect(report).toContain('It ended by itself, and its restart policy has started it again.');
  expect(report).not.toContain('left stopped');
});
