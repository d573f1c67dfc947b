import path from 'node:path';

import { CannotRunError } from '../errors.ts';
import { badValue } from '../plan/bad-value.ts';
import { REPORTER_NAMES, type ReporterChoice } from '../report/reporters.ts';
import type { Flag } from './flag.ts';
import { textOf } from './values.ts';

/** What the user wants to see and keep. */
export interface OutputChoices {
  /** File for the saved result, `-` for standard output; null: none. */
  readonly json: string | null;
  /** Folder for results; null: the command's own default. */
  readonly folder: string | null;
  /** Reports beside the terminal's table, or in its place where one goes to standard output. */
  readonly reporters: readonly ReporterChoice[];
  readonly status: 'normal' | 'quiet' | 'verbose';
  readonly color: boolean;
}

/** Where results go unless the user says otherwise. */
export const DEFAULT_FOLDER = 'reports';

export const PLAIN_OUTPUT: OutputChoices = { json: null, folder: null, reporters: [], status: 'normal', color: true };

/** `--reporter`. */
const REPORTER_FLAG: Flag<OutputChoices> = {
  name: 'reporter',
  value: 'NAME[=FILE]',
  repeatable: true,
  group: 'Output',
  help: `A report in another format, into a file or, without one, to standard output in place of the table (github: after it): ${REPORTER_NAMES.join(', ')}.`,
  read: ({ reporters }, text) => ({ reporters: [...reporters, reporterOf(text)] }),
};

function reporterOf(text: string): ReporterChoice {
  const { name: given, file } = partsOf(text);
  const name = REPORTER_NAMES.find((one) => one === given);
  if (name !== undefined && file !== '') return { name, file };
  const takes = `one of ${REPORTER_NAMES.join(', ')}, and after = a file`;
  throw badValue({ name: '--reporter', value: text, takes, example: '--reporter json=reports/result.json' });
}

/** `name=file`; a file may have more of these in its name. */
export function partsOf(text: string): { readonly name: string; readonly file: string | null } {
  const [name = '', ...rest] = text.split('=');
  return { name, file: rest.length === 0 ? null : rest.join('=') };
}

/** What goes where. */
interface Written {
  readonly json: string | null;
  readonly reporters: readonly { readonly name: string; readonly file: string | null }[];
}

/**
 * What two of the choices cannot have together.
 * @throws CannotRunError where standard output, or a file, would carry two reports.
 */
export function checkOutput({ json, reporters }: Written): void {
  const all = [
    ...(json === null ? [] : [{ flag: `--json ${json}`, file: json === '-' ? null : json }]),
    ...reporters.map(({ name, file }) => ({ flag: `--reporter ${name}${file === null ? '' : `=${file}`}`, file })),
  ];
  const [one, other] = all.flatMap((first, nth) => {
    const second = all.slice(nth + 1).find(({ file }) => placeOf(file) === placeOf(first.file));
    return second === undefined ? [] : [first, second];
  });
  if (one === undefined || other === undefined) return;
  throw new CannotRunError(`${one.flag} and ${other.flag} would both write to ${one.file ?? 'standard output'}.`, {
    nextStep: `Name ${one.file === null ? 'a' : 'another'} file for one of them: --reporter ${reporters.at(-1)?.name ?? 'json'}=FILE`,
  });
}

function placeOf(file: string | null): string {
  return file === null ? '-' : path.resolve(file);
}

/** Flags about output that every command has. */
export const OUTPUT_FLAGS: readonly Flag<OutputChoices>[] = [
  REPORTER_FLAG,
  {
    name: 'json',
    value: 'FILE|-',
    group: 'Output',
    help: 'Save the result as JSON, the ledger of every request beside it. With - it goes to standard output, and the report to standard error.',
    read: (_, text) => ({ json: textOf('--json', text, 'a file, or - for standard output', 'result.json') }),
  },
  {
    name: 'quiet',
    value: null,
    group: 'Output',
    help: 'No status while it runs, only the report.',
    read: () => ({ status: 'quiet' }),
  },
  {
    name: 'verbose',
    value: null,
    group: 'Output',
    help: "Also show every detail, a builder's lines too, and the stack of an error in shutdown-check itself.",
    read: () => ({ status: 'verbose' }),
  },
  {
    name: 'no-color',
    value: null,
    group: 'Output',
    help: 'Plain text: no colours, no line that redraws itself. The variable NO_COLOR does the same.',
    read: () => ({ color: false }),
  },
];

/** `--output`, with what it does in each command. */
export function outputFolderFlag(help: string, fallback: string): Flag<OutputChoices> {
  return {
    name: 'output',
    value: 'DIR',
    group: 'Output',
    help,
    fallback,
    read: (_, text) => ({ folder: textOf('--output', text, 'a folder', 'reports') }),
  };
}

/** Flags about the output of a check, of which there is one result. */
export const CHECK_OUTPUT_FLAGS: readonly Flag<OutputChoices>[] = [
  ...OUTPUT_FLAGS,
  outputFolderFlag('Folder for result.json and its ledger, where --json does not name a file.', DEFAULT_FOLDER),
];
