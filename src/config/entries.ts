import type { Flag } from '../commands/flag.ts';
import { formOf } from '../commands/flag-form.ts';
import { PLAIN_OUTPUT } from '../commands/output-flags.ts';
import { CannotRunError } from '../errors.ts';
import { nearest } from '../plan/nearest.ts';
import {
  type Entry,
  entriesOf,
  isMapSpot,
  isNumberSpot,
  itemsOf,
  lineOf,
  type Spot,
  textOf,
  truthOf,
  wrongSpot,
} from './document.ts';
import { fromFolder } from './paths.ts';

/** What the file says of a flag. */
export interface Setting {
  /** As they would be typed; empty for one that is switched off. */
  readonly texts: readonly string[];
  /** `file:line`. */
  readonly from: string;
}

/** What the file says of a target or of all: by the flags' names, and what is no flag of `run`. */
export interface Settings {
  readonly flags: ReadonlyMap<string, Setting>;
  readonly target: string | null;
  /** What follows `--` on a command line; null where nothing is said. */
  readonly command: readonly string[] | null;
}

/** A flag, whatever it fills. */
type AnyFlag = Pick<Flag<never>, 'name' | 'value' | 'repeatable' | 'choices'> & {
  readonly read: (into: never, text: string) => unknown;
};

/**
 * The entries of a map as what would be typed as flags. Each value is read as its flag reads it, so that a wrong one is told
 * with its line.
 *
 * @param own keys beside the flags, which the caller reads
 * @throws CannotRunError for a key that is none, and for a value that it does not take.
 */
export async function readSettings(
  entries: readonly Entry[],
  flags: readonly AnyFlag[],
  folder: string,
  own: readonly string[],
): Promise<Settings> {
  const settings = new Map<string, Setting>();
  let target: string | null = null;
  let command: readonly string[] | null = null;
  for (const entry of entries) {
    const { name, value } = entry;
    const flag = flags.find((one) => one.name === name);
    if (name === 'target' && own.includes(name)) target = fromFolder(folder, 'target', wordOf(value));
    else if (name === 'command' && own.includes(name)) command = itemsOf(value).map(wordOf);
    else if (flag !== undefined) settings.set(name, { texts: await textsOf(value, flag, folder), from: lineOf(value) });
    else if (!own.includes(name)) throw unknownKey(entry, [...flags.map((one) => one.name), ...own]);
  }
  return { flags: settings, target, command };
}

/** The error for a key that there is not. */
export function unknownKey({ name, key }: Entry, known: readonly string[]): CannotRunError {
  const meant = nearest(
    name
      .replace(/^-+/, '')
      .replaceAll('_', '-')
      .replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`),
    known,
  );
  const guess = meant === null ? '' : ` Did you mean "${meant}"?`;
  const takes =
    known.length <= 8 ? `It takes ${known.join(', ')}.` : 'Keys are the names of the flags: shutdown-check run --help';
  return wrongSpot(key, `there is no "${key.path}".${guess}`, takes);
}

async function textsOf(spot: Spot, flag: AnyFlag, folder: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const given of rawTexts(spot, flag)) {
    const text = fromFolder(folder, flag.name, given.text);
    await tryToRead(flag, text, given);
    texts.push(text);
  }
  return texts;
}

interface Text {
  readonly text: string;
  readonly at: Spot;
}

/** A flag's value as typed: yes or no, a map of names for what is `KEY=VALUE` or `Name: value`, a list, or one value. */
function rawTexts(spot: Spot, flag: AnyFlag): readonly Text[] {
  const form = formOf(flag);
  if (form.kind === 'switch') {
    const isOn = truthOf(spot);
    if (isOn === null) throw wrongSpot(spot, `${flag.name} takes true or false.`);
    return isOn ? [{ text: '', at: spot }] : [];
  }
  const items = itemsOf(spot);
  if (form.kind === 'numbers') return [{ text: items.map(numberOf).join(','), at: spot }];
  if (form.kind === 'pair' && isMapSpot(spot))
    return entriesOf(spot).map(({ name, value }) => ({
      text: `${name}${form.separator}${wordOf(value)}`,
      at: value,
    }));
  if (flag.repeatable === true) return items.map((item) => ({ text: wordOf(item), at: item }));
  const [only, ...more] = items;
  if (only === undefined || more.length > 0) throw wrongSpot(spot, `${flag.name} takes one value.`);
  const isWord = form.kind !== 'number' || form.words.includes(textOf(only) ?? '');
  return [{ text: isWord ? wordOf(only) : numberOf(only), at: spot }];
}

/** A number is one for the schema and for YAML, and so has no quotes. */
function numberOf(spot: Spot): string {
  const text = wordOf(spot);
  if (isNumberSpot(spot)) return text;
  const isQuoted = text.trim() !== '' && Number.isFinite(Number(text));
  throw wrongSpot(
    spot,
    `${spot.path} takes a number, and "${text}" is a text.`,
    isQuoted ? 'Write it without quotes.' : undefined,
  );
}

function wordOf(spot: Spot): string {
  const text = textOf(spot);
  if (text === null) throw wrongSpot(spot, `${spot.path} takes a text or a number.`);
  return text;
}

/**
 * Reads it into nothing: only flags about output ask what is there already.
 * @throws CannotRunError in the file's own words: keys have no dashes, and paths are as they stand there.
 */
async function tryToRead(flag: AnyFlag, text: string, given: Text): Promise<void> {
  try {
    await flag.read(PLAIN_OUTPUT as never, text);
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    const asGiven = (said: string): string => (text === '' ? said : said.replaceAll(text, given.text));
    const words = (said: string): string => said.replace(new RegExp(`--${flag.name}[= ]`, 'g'), `${flag.name}: `);
    const sentence = asGiven(error.message).replaceAll(`--${flag.name}`, flag.name);
    throw wrongSpot(given.at, sentence, error.nextStep === null ? undefined : words(error.nextStep));
  }
}
