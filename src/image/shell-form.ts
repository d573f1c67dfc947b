const SHELL = /(?:^|\/)(?:ba|da|a|k|mk|z)?sh$/;
/** Options in front of the commands, `-o pipefail` among them. */
const OPTION = /^[-+][A-Za-z]+$|^--[a-z]*$|^pipefail$/;

type Command = readonly string[] | null;

/** A shell that is given its commands as a word, as the shell form of CMD and ENTRYPOINT makes it. */
export interface ShellForm {
  /** Where the shell stands. */
  readonly instruction: 'CMD' | 'ENTRYPOINT';
  /** What stands in front of it there, such as an init. */
  readonly before: readonly string[];
  /** The commands. */
  readonly text: string;
}

/** The shell form in what a target runs; null where no shell is given commands. */
export function shellFormIn({ entrypoint, command }: { entrypoint: Command; command: Command }): ShellForm | null {
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  const shellAt = words.findIndex((word) => SHELL.test(word));
  const textAt = words.findIndex((word, nth) => nth > shellAt && !OPTION.test(word));
  const text = words[textAt];
  if (shellAt < 0 || text === undefined) return null;
  if (!words.slice(shellAt + 1, textAt).some((option) => /^-[A-Za-z]*c/.test(option))) return null;
  const commandAt = entrypoint?.length ?? 0;
  return shellAt < commandAt
    ? { instruction: 'ENTRYPOINT', before: words.slice(0, shellAt), text }
    : { instruction: 'CMD', before: words.slice(commandAt, shellAt), text };
}

/** A command as an instruction's exec form: `["node", "server.js"]`. */
export function execForm(command: readonly string[]): string {
  return `[${command.map((word) => JSON.stringify(word)).join(', ')}]`;
}
