import type { WriteStream } from 'node:tty';
import type { Ledger } from '../load/ledger.ts';
import type { Look } from '../report/look.ts';
import { proofOffer } from '../report/table/proof.ts';
import { renderReport } from '../report/table/table.ts';
import type { Result } from '../result.ts';
import { saveResult, toJson } from '../save.ts';
import { type Live, startLive } from './live.ts';
import type { OutputChoices } from './output-flags.ts';

/** The one place that writes what a command has to say. */
export interface Output {
  readonly live: Live;
  /** Writes a line beside the report, to standard error. */
  note(text: string): void;
  /** Writes the report for people; to standard error where standard output carries JSON. */
  report(result: Result): void;
  /** Saves a result in a file of ours. */
  save(result: Result, ledgers: readonly Ledger[], file: string): Promise<void>;
  /** Saves the result where the user asked for it: `--json`. */
  keep(result: Result, ledgers: readonly Ledger[]): Promise<void>;
}

/** Output as the user chose it, for the terminal that is there. */
export function openOutput(choices: OutputChoices): Output {
  const stream = choices.json === '-' ? process.stderr : process.stdout;
  return {
    live: startLive({
      write: (text) => process.stderr.write(text),
      columns: () => process.stderr.columns ?? 80,
      redraws: isTerminal(process.stderr) && colors(choices),
      status: choices.status,
      now: () => performance.now(),
    }),
    note: (text) => {
      if (choices.status !== 'quiet') process.stderr.write(`${text}\n`);
    },
    report: (result) => {
      const look = lookOf(stream, choices);
      stream.write(renderReport(result, look) + (isTerminal(stream) ? proofOffer(result, look) : ''));
    },
    save: saveResult,
    keep: (result, ledgers) => keep(result, ledgers, choices.json),
  };
}

async function keep(result: Result, ledgers: readonly Ledger[], json: string | null): Promise<void> {
  if (json === '-') process.stdout.write(toJson(result));
  else if (json !== null) await saveResult(result, ledgers, json);
}

/** What the stream can show. Text that goes to a file or a pipe is plain. */
export function lookOf(stream: WriteStream, choices: Pick<OutputChoices, 'color'>): Look {
  return {
    color: isTerminal(stream) && colors(choices),
    width: Math.min(Math.max(stream.columns ?? 80, 60), 120),
    unicode: showsUnicode(process.env),
  };
}

function isTerminal(stream: WriteStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** See https://no-color.org: any value that is not empty counts. */
function colors(choices: Pick<OutputChoices, 'color'>): boolean {
  return choices.color && !process.env['NO_COLOR'];
}

/** CI leaves the locale unset and shows UTF-8 all the same; only what says otherwise is believed. */
function showsUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'UTF-8';
  return /utf-?8/i.test(locale) && environment['TERM'] !== 'linux';
}
