import { randomUUID } from 'node:crypto';

/** Whether this is a step of a workflow. */
export function isInWorkflow(environment: NodeJS.ProcessEnv): boolean {
  return environment['GITHUB_ACTIONS'] === 'true';
}

/**
 * Text for the log with words of others in it, as of a target's own log or a build's: what a workflow would take for commands to it
 * is none then. Text without such words, and text outside of a workflow, stays as it is.
 *
 * Source: "Stopping and starting workflow commands" in GitHub's "Workflow commands"; the form with `##[` is the runner's older one.
 */
export function withoutCommands(text: string, environment: NodeJS.ProcessEnv): string {
  if (!isInWorkflow(environment) || !/^[^\S\n]*::|##\[/m.test(text)) return text;
  // Nobody else may know the word by which commands count again.
  const token = randomUUID();
  return `::stop-commands::${token}\n${text}${text.endsWith('\n') ? '' : '\n'}::${token}::\n`;
}
