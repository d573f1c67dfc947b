import type { CommandLine } from './command-line.ts';
import type { EffectiveImage } from './effective.ts';
import type { PlacedWord } from './place.ts';

/**
 * Entrypoint and command as one list; none where only the base image says them. The shell form of an ENTRYPOINT leaves CMD
 * out, that of a CMD is an argument.
 */
export function startWords({ entrypoint, command }: EffectiveImage): readonly PlacedWord[] {
  if (entrypoint !== null && entrypoint.form !== 'exec') return wordsOf(entrypoint);
  return [...wordsOf(entrypoint), ...wordsOf(command)];
}

function wordsOf(command: CommandLine | null): readonly PlacedWord[] {
  if (command === null || command.form === 'exec') return command?.words ?? [];
  const text = { text: command.text, place: command.textPlace };
  return [...command.shell.map((word) => ({ text: word, place: command.textPlace })), text];
}
