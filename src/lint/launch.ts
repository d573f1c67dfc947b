import { baseName, roleOf } from '../diagnosis/processes.ts';
import type { CommandLine } from '../image/command-line.ts';
import type { EffectiveImage } from '../image/effective.ts';
import { type Place, type PlacedWord, placeIn, placeInText } from '../image/place.ts';
import { startWords } from '../image/start-words.ts';
import type { ImageFiles } from './context.ts';
import { type Ending, readShell, type ShellReading, type ShellWord } from './shell-reading.ts';

/** What a container's start goes through, PID 1 first, each in front of the next. */
export type Step =
  /** `toGroup`: it sends the signal to all in its child's process group. */
  | { readonly kind: 'init'; readonly word: PlacedWord; readonly toGroup: boolean }
  /** A shell that runs a text: shell form, or `sh -c` in exec form (`command.form`). */
  | {
      readonly kind: 'shell';
      readonly shell: string;
      readonly command: CommandLine;
      readonly place: Place;
      readonly reading: ShellReading;
    }
  /** A shell script out of the build context. */
  | {
      readonly kind: 'script';
      readonly word: PlacedWord;
      readonly file: string;
      readonly text: string;
      readonly reading: ShellReading;
    }
  /** A script that could not be read; `because` continues "It was not read: …". */
  | { readonly kind: 'unread'; readonly word: PlacedWord; readonly because: string }
  /** Where it ends, as far as lint can follow. */
  | { readonly kind: 'program'; readonly words: readonly PlacedWord[] };

/** Options of tini and dumb-init that take a value. */
const INIT_OPTION_WITH_VALUE = /^(-e|-p|-r|--rewrite)$/;
/** Options of shells that take a value. */
const SHELL_OPTION_WITH_VALUE = /^[-+]([a-z]*o|O)$/;
const SHELL_SHEBANG = /^#!\s*\S*\/(?:env\s+(?:-\S+\s+)*)?(?:ba|da|a|k|mk|z)?sh\b/;
/** A start through more than this many is a circle. */
const MAX_STEPS = 12;

/** Follows the command in force from PID 1 to the program, as far as the Dockerfile and its context tell. */
export async function followLaunch(image: EffectiveImage, files: ImageFiles): Promise<readonly Step[]> {
  const command = image.command ?? image.entrypoint;
  if (command === null) return [];
  const steps: Step[] = [];
  let words = startWords(image);
  while (words.length > 0 && steps.length < MAX_STEPS) {
    const [step, rest] = await nextStep(words, image, files);
    steps.push(...step);
    words = rest;
  }
  return steps;
}

type Next = readonly [steps: readonly Step[], rest: readonly PlacedWord[]];

async function nextStep(words: readonly PlacedWord[], image: EffectiveImage, files: ImageFiles): Promise<Next> {
  const [first, ...rest] = words;
  if (first === undefined) return [[], []];
  const role = roleOf({ command: first.text });
  if (role === 'init') {
    const behind = withoutInitOptions(rest);
    const toGroup = signalsGroup(first, rest.slice(0, rest.length - behind.length));
    return [[{ kind: 'init', word: first, toGroup }], behind];
  }
  // `busybox sh` is busybox's shell, and anything else after that word another program.
  const isBusybox = baseName(first.text) === 'busybox';
  if (isBusybox && !/^a?sh$/.test(rest[0]?.text ?? '')) return [[{ kind: 'program', words }], []];
  if (role === 'shell') return await throughShell(first, isBusybox ? rest.slice(1) : rest, image, files);
  const behind = behindUserSwitch(first, rest);
  if (behind) return [[], behind];
  if (role === 'wrapper') return [[{ kind: 'program', words }], []];
  return (await throughScript(first, rest, files)) ?? [[{ kind: 'program', words }], []];
}

/** tini's `-g`; dumb-init does so unless `-c` says not to. Source: the manuals of both. */
function signalsGroup({ text }: PlacedWord, options: readonly PlacedWord[]): boolean {
  const has = (option: RegExp): boolean => options.some((one) => option.test(one.text));
  return baseName(text) === 'dumb-init' ? !has(/^(-\w*c|--single-child)$/) : has(/^-\w*g/);
}

function withoutInitOptions(words: readonly PlacedWord[]): readonly PlacedWord[] {
  let from = 0;
  for (; from < words.length; from += 1) {
    const text = words[from]?.text ?? '';
    if (text === '--') return words.slice(from + 1);
    if (!text.startsWith('-')) break;
    if (INIT_OPTION_WITH_VALUE.test(text)) from += 1;
  }
  return words.slice(from);
}

/** `gosu user command`, `su-exec user command`, `env NAME=value command` become the command. */
function behindUserSwitch({ text }: PlacedWord, rest: readonly PlacedWord[]): readonly PlacedWord[] | null {
  const name = baseName(text);
  if (name === 'gosu' || name === 'su-exec') return rest.slice(1);
  if (name !== 'env') return null;
  const from = rest.findIndex((word) => !/^-|^\w+=/.test(word.text));
  return from < 0 ? [] : rest.slice(from);
}

async function throughShell(
  shell: PlacedWord,
  rest: readonly PlacedWord[],
  image: EffectiveImage,
  files: ImageFiles,
): Promise<Next> {
  let from = 0;
  let hasText = false;
  for (; /^[-+]./.test(rest[from]?.text ?? '') && rest[from]?.text !== '--'; from += 1) {
    const option = rest[from]?.text ?? '';
    if (/^-[a-z]*c$/.test(option)) hasText = true;
    if (SHELL_OPTION_WITH_VALUE.test(option)) from += 1;
  }
  const operand = rest[from];
  if (operand === undefined) return [[{ kind: 'program', words: [shell, ...rest] }], []];
  if (hasText) return throughText(shell, operand, rest.slice(from + 1), image);
  return (await throughScript(operand, rest.slice(from + 1), files, true)) ?? [[], []];
}

/** `$0` of the text is the first word after it, so `"$@"` begins with the second. */
function throughText(
  shell: PlacedWord,
  text: PlacedWord,
  [, ...rest]: readonly PlacedWord[],
  image: EffectiveImage,
): Next {
  const command = [image.command, image.entrypoint].find((one) => one !== null && owns(one, text));
  const reading = readShell(text.text);
  if (command === null || command === undefined || reading.trouble !== null) return [[], []];
  // In a JSON string the text's own places are those of its letters only where nothing is escaped.
  const placeOf = (at: number): Place =>
    command.form === 'exec' ? text.place : placeIn(command.source, command.textAt + at, command.place.file);
  const place = placeOf(reading.endings.find(({ kind }) => kind !== 'exec')?.at ?? 0);
  const step: Step = { kind: 'shell', shell: shell.text, command, place, reading };
  return [[step], goesOnWith(reading, rest, placeOf)];
}

function owns(command: CommandLine, { place, text }: PlacedWord): boolean {
  return command.form === 'exec'
    ? command.words.some((word) => word.place === place)
    : command.textPlace === place && command.text === text;
}

/** @param isScript it is one for sure: a shell is asked to run it */
async function throughScript(
  word: PlacedWord,
  args: readonly PlacedWord[],
  files: ImageFiles,
  isScript = false,
): Promise<Next | null> {
  const found = await (isScript ? files.beside(word.text) : files.program(word.text));
  if (found.kind === 'unread') {
    if (!isScript && !/\.(ba)?sh$|entrypoint/.test(word.text)) return null;
    const step: Step = { kind: 'unread', word, because: found.because };
    // Nearly every entrypoint script ends with `exec "$@"`.
    return [[step], args];
  }
  const { file, text } = found;
  if (!isScript && text.startsWith('#!') && !SHELL_SHEBANG.test(text)) return null;
  const reading = readShell(text);
  if (reading.trouble !== null) {
    return [
      [{ kind: 'unread', word, because: `${file} does not parse as a shell's script (${reading.trouble})` }],
      args,
    ];
  }
  const step: Step = { kind: 'script', word, file, text, reading };
  return [[step], goesOnWith(reading, args, (at) => placeInText(text, at, file))];
}

/** The words of the one command that it comes down to; none where there are several. */
function goesOnWith(
  { endings }: ShellReading,
  args: readonly PlacedWord[],
  placeOf: (at: number) => Place,
): readonly PlacedWord[] {
  const ending = endings.at(-1);
  if (ending === undefined || !endings.every((one) => isSame(one, ending))) {
    // Branches for words of their own end in a common `exec "$@"`.
    return endings.some(passesArguments) && args.length > 0 ? args : [];
  }
  return ending.words.flatMap((word) => (isArguments(word) ? args : [{ text: word.text, place: placeOf(word.at) }]));
}

function isSame(one: Ending, other: Ending): boolean {
  return one.words.map(({ text }) => text).join('\0') === other.words.map(({ text }) => text).join('\0');
}

function passesArguments({ words }: Ending): boolean {
  return words.some(isArguments);
}

function isArguments({ text }: ShellWord): boolean {
  return /^\$(\{[@*]\}|[@*])$/.test(text);
}
