import type { CommandLine } from '../image/command-line.ts';
import { oneLine } from '../image/dockerfile.ts';
import { execForm } from '../image/shell-form.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import type { Ending, ShellReading } from './shell-reading.ts';

/** The JSON list of a command that needs no shell; null where it needs one. */
export function listOf(text: string): string | null {
  const parsed = parseShellWords(text);
  return parsed.kind === 'needsShell' ? null : execForm(asCommand(parsed));
}

/** What to write so that no shell stays in front of a command that the Dockerfile gives one. */
export function withoutShell(command: CommandLine, { endings }: ShellReading, ending: Ending): string {
  const whole = command.form === 'shell' ? command.text : (command.words.at(-1)?.text ?? '');
  const list = listOf(whole);
  if (list !== null && (command.form === 'shell' || isShellAlone(command))) {
    return `Write \`${command.keyword} ${list}\` instead of \`${command.keyword} ${oneLine(command.text)}\`, so that the app itself gets the signal.`;
  }
  if (ending.kind === 'last' && endings.length === 1) return withExec(ending);
  return 'Put what needs the shell into a script that ends with `exec` and the app, and name the script in exec form.';
}

/** `["sh", "-c", "…"]`, and nothing in front of it. */
function isShellAlone({ words }: CommandLine): boolean {
  return words.length === 3;
}

/** `exec` in front of the command that stays. */
export function withExec({ kept, text, at, words }: Ending): string {
  // `exec NAME=value app` looks for a program of the name `NAME=value`.
  const hasAssignments = /^[A-Za-z_]\w*=/.test(text) && (words[0]?.at ?? at) > at;
  const program = hasAssignments ? 'exec env' : 'exec';
  const asItIs = kept === null || kept === 'more follows' || kept === 'trap';
  return asItIs
    ? `Write \`${program} ${oneLine(text.replaceAll('\\\n', ' '))}\`, as the last command: the app then takes the shell's place.`
    : "Make the app the last command, with `exec` before it and nothing around it: it then takes the shell's place.";
}
