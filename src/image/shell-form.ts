const SHELL = /(?:^|\/)(?:ba|da|a|k|mk|z)?sh$/;
/** Options in front of the commands, `-o pipefail` among them. */
const OPTION = /^[-+][A-Za-z]+$|^pipefail$/;

/** A shell that is given its commands as a word, as the shell form of CMD and ENTRYPOINT makes it. */
export interface ShellForm {
  /** What stands in front of the shell, such as an init. */
  readonly before: readonly string[];
  /** The shell and its options: `/bin/sh`, `-c`. */
  readonly shell: readonly string[];
  /** The commands. */
  readonly text: string;
}

/** The shell form in a command, also behind an init; null where no shell is given commands. */
export function shellFormIn(command: readonly string[] | null): ShellForm | null {
  const at = command?.findIndex((word) => SHELL.test(word)) ?? -1;
  if (command === null || at < 0) return null;
  const length = command.slice(at + 1).findIndex((word) => !OPTION.test(word));
  const textAt = at + 1 + length;
  const text = command[textAt];
  const shell = command.slice(at, textAt);
  const takesCommands = shell.some((option) => /^-[A-Za-z]*c/.test(option));
  return length > 0 && takesCommands && text !== undefined ? { before: command.slice(0, at), shell, text } : null;
}

/** A command as an instruction's exec form: `["node", "server.js"]`. */
export function execForm(command: readonly string[]): string {
  return `[${command.map((word) => JSON.stringify(word)).join(', ')}]`;
}
