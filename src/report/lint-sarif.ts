import type { LintResult, ShownFinding } from '../lint/lint.ts';
import { TOOL } from '../tool.ts';
import type { Look } from './look.ts';
import { sarifLog } from './sarif-log.ts';

/** What lint found as SARIF, each at its line and column. */
export function lintSarif({ dockerfile, findings }: LintResult, { folder }: Look): string {
  const results = findings.map((finding) => ({
    ...finding,
    ...told(finding),
    target: dockerfile,
    place: finding,
    mark: finding.excerpt.trim(),
  }));
  const exitCode = findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  return sarifLog({ version: TOOL.version, invocation: { executionSuccessful: true, exitCode }, results, folder });
}

/** The message, with what the files do not tell. */
export function told({ message, couldNotKnow }: ShownFinding): { readonly message: string } {
  return { message: couldNotKnow === null ? message : `${message}\nNot known: ${couldNotKnow}.` };
}
