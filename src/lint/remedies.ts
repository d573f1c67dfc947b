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
  if (ending.kind === 'last' && endings.length === 1) {
    const line = ending.text.trim() === whole.trim() ? wholeWithExec(command, ending) : null;
    return line === null ? withExec(ending) : `Write ${line}: the app then takes the shell's place.`;
  }
  return 'Put what needs the shell into a script that ends with `exec` and the app, and name the script in exec form.';
}

/** The instruction with `exec` before its only command; null where more stands in front of the shell. */
function wholeWithExec(command: CommandLine, ending: Ending): string | null {
  const text = `${execBefore(ending)} ${oneLine(ending.text.replaceAll('\\\n', ' '))}`;
  if (command.form === 'shell') return `\`${command.keyword} ${text}\``;
  if (!isShellAlone(command)) return null;
  return `\`${command.keyword} ${execForm([...command.words.slice(0, -1).map((word) => word.text), text])}\``;
}

/** `["sh", "-c", "…"]`, and nothing in front of it. */
function isShellAlone({ words }: CommandLine): boolean {
  return words.length === 3;
}

/** `exec` in front of the command that stays. */
export function withExec(ending: Ending): string {
  const { kept, text } = ending;
  const program = execBefore(ending);
  const asItIs = kept === null || kept === 'more follows' || kept === 'trap';
  return asItIs
    ? `Write \`${program} ${oneLine(text.replaceAll('\\\n', ' '))}\`, as the last command: the app then takes the shell's place.`
    : "Make the app the last command, with `exec` before it and nothing around it: it then takes the shell's place.";
}

/** `exec NAME=value app` looks for a program of the name `NAME=value`. */
function execBefore({ text, at, words }: Ending): string {
  const hasAssignments = /^[A-Za-z_]\w*=/.test(text) && (words[0]?.at ?? at) > at;
  return hasAssignments ? 'exec env' : 'exec';
}
