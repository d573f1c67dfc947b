import { execForm, shellFormIn } from '../image/shell-form.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import type { Observation } from '../observation.ts';
import type { Plan } from '../plan/plan.ts';
import { targetNoun } from '../plan/terms.ts';
import { asTyped } from '../report/text.ts';
import { isTitle } from './processes.ts';

/**
 * The lines to change so that no shell stands between the signal and the app, quoting the target's own command.
 * A shell form shows in the target's command as the shell with `-c`; `app` is the app's own command line.
 */
export function withoutShell({ target, image, plan }: Observation, app: string): string {
  const form = shellFormIn(target);
  if (form === null) return withScript(target.entrypoint ?? image.entrypoint ?? target.command, app);
  const { instruction, before, text } = form;
  const isCommand = targetNoun(plan) === 'command';
  const key = keyInFile(plan, instruction);
  const written = isCommand ? text : `${key ?? instruction} ${text}`;
  const parsed = parseShellWords(text);
  if (parsed.kind !== 'words' && endsBeside(text))
    return `Start the app with \`exec\`, as the last command of \`${written}\` and in the foreground, so that it takes the shell's place.`;
  if (parsed.kind !== 'words')
    return `Put \`exec\` before the last command of \`${written}\`, so that the app takes the shell's place.`;
  const command = [...before, ...asCommand(parsed)];
  if (key !== null) {
    const without =
      instruction === 'ENTRYPOINT' && plan.container.command !== null ? 'the shell and what follows it' : 'the shell';
    return `Write \`${key}: ${execForm(command)}\` in ${plan.file}, without ${without}, so that the app itself gets the signal.`;
  }
  return isCommand
    ? `Start it as ${inBothForms(command)}, without the shell, so that the app itself gets the signal.`
    : `Write \`${instruction} ${execForm(command)}\` instead of \`${written}\`, so that the app itself gets the signal.`;
}

/** Whether a script starts the app earlier than in its last command: in the background, or with a builtin after it. */
function endsBeside(text: string): boolean {
  return /(^|[^&>])&\s*$|[;&|\n]\s*(wait|true|:|exit)\b[^;&|\n]*;?\s*$/.test(text);
}

function withScript(command: readonly string[] | null, app: string): string {
  const script = command?.find((word) => word.endsWith('.sh')) ?? command?.[0];
  const named = script === undefined ? 'the entrypoint script' : `\`${script}\``;
  const example = isTitle(app) ? '' : `\`exec ${app}\`, or `;
  return `Start the app with \`exec\` at the end of ${named} (${example}\`exec "$@"\`), so that it takes the shell's place.`;
}

/** How to do without what stands in front of the app and runs a script of its own. */
export function withoutWrapper(wrapper: string, app: string, plan: Plan): string {
  const start = `Start the app itself, without \`${wrapper}\` in front`;
  if (isTitle(app)) return `${start}: by the command that its script runs.`;
  const words = app.split(/\s+/);
  if (targetNoun(plan) === 'command') return `${start}: ${inBothForms(words)}.`;
  const key = keyInFile(plan, plan.container.entrypoint === null ? 'CMD' : 'ENTRYPOINT');
  return `${start}: \`${key === null ? 'CMD' : `${key}:`} ${execForm(words)}\`${key === null ? '' : ` in ${plan.file}`}.`;
}

/** Under what name a manifest or a compose file says it; null where the image does. */
function keyInFile({ file, service, container }: Plan, instruction: 'CMD' | 'ENTRYPOINT'): string | null {
  const isEntrypoint = instruction === 'ENTRYPOINT';
  if (file === null || (isEntrypoint ? container.entrypoint : container.command) === null) return null;
  if (service === null) return isEntrypoint ? 'command' : 'args';
  return isEntrypoint ? 'entrypoint' : 'command';
}

/** A command as it is typed, and as a Dockerfile has it: what is checked here is to run in a container, mostly. */
function inBothForms(command: readonly string[]): string {
  return `\`${asTyped(command)}\` (in a Dockerfile: \`CMD ${execForm(command)}\`)`;
}
