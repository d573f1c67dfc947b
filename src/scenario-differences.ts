import type { RunRecord, ScenarioExpectation } from './result.ts';
import { countOf } from './rollout/failures.ts';
import type { RolloutRecord } from './rollout/record.ts';

/** How a run differs from what its scenario expects, a sentence each. */
export function differences(record: RunRecord, expected: ScenarioExpectation): readonly string[] {
  const isTraced = record.observation.kernel.kind === 'traced';
  const wanted = (isTraced ? null : expected.findingsUntraced) ?? expected.findings;
  return [
    ...commonDifferences(record, { ...expected, findings: wanted ?? [] }),
    ...ofEnd(record.termination, expected),
  ];
}

/** The same of a roll-out, of whose replicas each ends as is expected of one. */
export function rolloutDifferences(record: RolloutRecord, expected: ScenarioExpectation): readonly string[] {
  const ends = record.replacements.flatMap((one) =>
    ofEnd(one, expected).map((difference) => `replica ${one.replica}: ${difference}`),
  );
  const spared = record.replacements.filter(({ failures }) => countOf(failures.old) === 0);
  const isWrong = expected.lostAtEvery === true && spared.length > 0;
  return [
    ...commonDifferences(record, expected),
    ...ends,
    ...(isWrong ? [`nothing lost at replica ${spared.map(({ replica }) => replica).join(', ')}`] : []),
  ];
}

function commonDifferences(
  { verdict, findings }: Pick<RunRecord, 'verdict' | 'findings'>,
  expected: ScenarioExpectation,
): readonly string[] {
  const codes = findings.map(({ code }) => code);
  const missing = (expected.findings ?? []).filter((code) => !codes.some((found) => found === code));
  const wrong = (expected.notFindings ?? []).filter((code) => codes.some((found) => found === code));
  return [
    expected.verdict === verdict ? null : `verdict ${verdict}, expected ${expected.verdict}`,
    missing.length === 0 ? null : `no ${missing.join(', ')}; found ${codes.join(', ') || 'nothing'}`,
    wrong.length === 0 ? null : `found ${wrong.join(', ')}, which it is not`,
  ].filter((difference) => difference !== null);
}

function ofEnd(
  { sigkillFired, exitCode }: Pick<RunRecord['termination'], 'sigkillFired' | 'exitCode'>,
  expected: ScenarioExpectation,
): readonly string[] {
  return [
    expected.sigkill === undefined || expected.sigkill === sigkillFired
      ? null
      : `SIGKILL ${sigkillFired === true ? 'fired' : 'did not fire'}, expected the opposite`,
    expected.exitCode === undefined || expected.exitCode === exitCode
      ? null
      : `exit code ${exitCode}, expected ${expected.exitCode}`,
  ].filter((difference) => difference !== null);
}
