import type { LintResult } from '../lint/lint.ts';
import { told } from './lint-sarif.ts';
import type { Look } from './look.ts';
import { workflowCommands } from './workflow-command.ts';

/** What lint found as annotations of the Dockerfile's lines; what is only information is left to the text. */
export function lintGithub({ findings }: LintResult, { folder }: Look): string {
  const annotations = findings.flatMap((finding) => {
    const { severity: level, code: title, advice } = finding;
    const lines = [told(finding).message, ...(advice === null ? [] : [`Do: ${advice}`])];
    return level === 'info' ? [] : [{ level, title, message: lines.join('\n'), place: finding }];
  });
  return workflowCommands(annotations, folder);
}
