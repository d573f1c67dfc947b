import type { Finding } from '../diagnosis/finding.ts';
import { exitCodeFor } from '../exit-code.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure } from './cases.ts';
import type { Look } from './look.ts';
import { placeOf } from './place.ts';
import type { Saved } from './reporter.ts';
import { sarifLog, type SarifResult } from './sarif-log.ts';

/**
 * SARIF, for code scanning: every finding at the Dockerfile's line where that is known. What is expected of a scenario is no
 * result, for nobody has to mend it.
 */
export function sarifReporter({ result }: Saved, { folder }: Look): string {
  const cases = casesOf(result).filter(({ asExpected }) => asExpected !== true);
  return sarifLog({
    version: result.tool.version,
    invocation: invocationOf(result),
    results: cases.flatMap((one) => one.findings.map((finding) => resultOf(finding, one))),
    folder,
  });
}

/** It was successful where it told something, whatever that is. */
function invocationOf(result: Result) {
  const exitCode = exitCodeFor(result);
  const endedAt = Date.parse(result.startedAt) + result.durationMs;
  return {
    executionSuccessful: exitCode !== 2,
    exitCode,
    startTimeUtc: result.startedAt,
    endTimeUtc: new Date(endedAt).toISOString(),
  };
}

/** The cause says first what it cost. */
function resultOf(finding: Finding, one: Case): SarifResult {
  const isWhy = finding === one.cause && isFailure(one);
  return {
    code: finding.code,
    severity: finding.severity,
    message: [...(isWhy ? [one.sentence] : []), finding.message].join('\n'),
    advice: finding === one.cause ? one.remedy : finding.advice,
    ending: isWhy ? one.ending : [],
    target: one.name,
    place: placeOf(finding, one),
  };
}
