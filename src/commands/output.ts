import type { WriteStream } from 'node:tty';

import { messageOf } from '../errors.ts';
import type { Look } from '../report/look.ts';
import type { Saved } from '../report/reporter.ts';
import { type ReporterChoice, REPORTERS } from '../report/reporters.ts';
import { proofOffer } from '../report/table/proof.ts';
import { renderReport } from '../report/table/table.ts';
import { saveResult, toJson } from '../save.ts';
import { addToSummary, announcementFor, lookForPrograms } from './github-actions.ts';
import { type Live, startLive } from './live.ts';
import { checkOutput, type OutputChoices } from './output-flags.ts';
import { withoutCommands } from './workflow-log.ts';
import { writeReports } from './write-reports.ts';

/** The one place that writes what a command has to say. */
export interface Output {
  readonly live: Live;
  /** Writes a line beside the report, to standard error. */
  note(text: string): void;
  /** Writes the report for people, beside JSON to standard error, or what was asked for in its place. */
  report(saved: Saved): Promise<void>;
  /**
   * Writes the reports that go into files, as many as can be.
   * @throws CannotRunError for the first that cannot be.
   */
  write(saved: Saved): Promise<void>;
  /** Tells a CI server what it shows by itself: see `announcementFor`. */
  announce(saved: Saved): Promise<void>;
  /** Saves a result in a file of ours. */
  save(saved: Saved, file: string): Promise<void>;
  /** Saves the result where the user asked for it: `--json`. */
  keep(saved: Saved): Promise<void>;
}

/**
 * Output as the user chose it, for the terminal that is there.
 * @throws CannotRunError for choices that cannot be had together.
 */
export function openOutput(choices: OutputChoices): Output {
  checkOutput(choices);
  const isTaken = choices.json === '-' || choices.reporters.some(takesItsPlace);
  const stream = isTaken ? process.stderr : process.stdout;
  const plain = lookForPrograms(process.env, process.cwd());
  const note = (text: string): void => {
    if (choices.status !== 'quiet') process.stderr.write(`${text}\n`);
  };
  return {
    live: startLive({
      write: (text) => process.stderr.write(withoutCommands(text, process.env)),
      columns: () => process.stderr.columns ?? 80,
      redraws: isTerminal(process.stderr) && colors(choices),
      status: choices.status,
      now: () => performance.now(),
    }),
    note,
    report: async (saved) => {
      const look = lookOf(stream, choices);
      const isShown = !choices.reporters.some(takesItsPlace);
      if (isShown)
        stream.write(
          withoutCommands(renderReport(saved.result, look), process.env) +
            (isTerminal(stream) ? proofOffer(saved.result, look) : ''),
        );
      for (const { name } of choices.reporters.filter(({ file }) => file === null)) {
        const reporter = await REPORTERS[name]();
        process.stdout.write(reporter(saved, { ...plain, ...lookOf(process.stdout, choices) }));
      }
    },
    write: (saved) => writeReports(saved, choices.reporters, plain, (file) => note(`Written: ${file}.`)),
    announce: async (saved) => {
      const announced = announcementFor(saved, choices, process.env, plain);
      if (announced === null) return;
      stream.write(announced.annotations);
      if (announced.summary) await addToSummary(announced.summary).catch((error: unknown) => note(messageOf(error)));
    },
    save: ({ result, ledgers }, file) => saveResult(result, ledgers, file),
    keep: (saved) => keep(saved, choices.json),
  };
}

/** Another report to standard output, where it is meant for people or programs; annotations only stand beside. */
function takesItsPlace({ name, file }: ReporterChoice): boolean {
  return file === null && name !== 'github';
}

async function keep(saved: Saved, json: string | null): Promise<void> {
  if (json === '-') process.stdout.write(toJson(saved.result));
  else if (json !== null) await saveResult(saved.result, saved.ledgers, json);
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
