import { execForm, shellFormIn } from '../image/shell-form.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import type { Observation } from '../observation.ts';
import { isTitle } from './processes.ts';

/**
 * The lines to change so that no shell stands between the signal and the app, quoting the target's own command.
 * A shell form shows in the target's command as the shell with `-c`; `app` is the app's own command line.
 */
export function withoutShell({ target, image }: Observation, app: string): string {
  const form = shellFormIn(target);
  if (form === null) return withScript(target.entrypoint ?? image.entrypoint ?? target.command, app);
  const { instruction, before, text } = form;
  const parsed = parseShellWords(text);
  if (parsed.kind === 'words') {
    return `Write \`${instruction} ${execForm([...before, ...asCommand(parsed)])}\` instead of \`${instruction} ${text}\`, so that the app itself gets the signal.`;
  }
  return `Put \`exec\` before the last command of \`${instruction} ${text}\`, so that the app takes the shell's place.`;
}

function withScript(command: readonly string[] | null, app: string): string {
  const script = command?.find((word) => word.endsWith('.sh')) ?? command?.[0];
  const named = script === undefined ? 'the entrypoint script' : `\`${script}\``;
  const example = isTitle(app) ? '' : `\`exec ${app}\`, or `;
  return `Start the app with \`exec\` at the end of ${named} (${example}\`exec "$@"\`), so that it takes the shell's place.`;
}

/** How to do without what stands in front of the app and runs a script of its own. */
export function withoutWrapper(wrapper: string, app: string): string {
  const start = `Start the app itself, without \`${wrapper}\` in front`;
  return isTitle(app)
    ? `${start}: by the command that its script runs.`
    : `${start}: \`CMD ${execForm(app.split(/\s+/))}\`.`;
}
