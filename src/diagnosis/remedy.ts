import type { Observation } from '../observation.ts';

/** Nothing in it that only a shell understands: no quotes, variables, pipes, lists, redirections or globs. */
const PLAIN_WORDS = /^[\w@%+:,./-][\w@%+=:,./ -]*$/;

/**
 * The lines to change so that no shell stands between the signal and the app, quoting the target's own command.
 * A shell form shows in the target's command as the shell with `-c`; `app` is the app's own command line.
 */
export function withoutShell({ target, image }: Observation, app: string): string {
  const fromEntrypoint = shellForm(target.entrypoint);
  const words = fromEntrypoint ?? shellForm(target.command);
  if (words === null) return withScript(target.entrypoint ?? image.entrypoint ?? target.command, app);
  const instruction = fromEntrypoint === null ? 'CMD' : 'ENTRYPOINT';
  if (PLAIN_WORDS.test(words)) {
    return `Write \`${instruction} ${execForm(words)}\` instead of \`${instruction} ${words}\`, so that the app itself gets the signal.`;
  }
  return `Put \`exec\` before the last command of \`${instruction} ${words}\`, so that the app takes the shell's place.`;
}

/** The words after `sh -c`, also behind an init; null where no shell runs words. */
function shellForm(command: readonly string[] | null): string | null {
  const flag = command?.findIndex((word) => /^-[a-z]*c$/.test(word)) ?? -1;
  return flag > 0 && /(^|\/)(ba|da|a|k|z)?sh$/.test(command?.[flag - 1] ?? '') ? (command?.[flag + 1] ?? null) : null;
}

function execForm(words: string): string {
  return `[${words
    .trim()
    .replace(/^exec /, '')
    .split(/\s+/)
    .map((word) => JSON.stringify(word))
    .join(', ')}]`;
}

function withScript(command: readonly string[] | null, app: string): string {
  const script = command?.find((word) => word.endsWith('.sh')) ?? command?.[0];
  const named = script === undefined ? 'the entrypoint script' : `\`${script}\``;
  return `Start the app with \`exec\` at the end of ${named} (\`exec ${app}\`, or \`exec "$@"\`), so that it takes the shell's place.`;
}
