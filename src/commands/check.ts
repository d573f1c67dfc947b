import { messageOf } from '../errors.ts';
import { errorText } from '../report/error-text.ts';
import type { Checked, exec, run, RunHooks } from '../run.ts';
import type { Ending } from './command.ts';
import { openGate } from './gate.ts';
import { checkGate, type GateChoices } from './gate-flags.ts';
import type { Output } from './output.ts';
import { DEFAULT_FOLDER, type OutputChoices } from './output-flags.ts';
import { withoutCommands } from './workflow-log.ts';

interface Library {
  readonly run: typeof run;
  readonly exec: typeof exec;
}

/**
 * Has the library check something, and tells and keeps what came of it. Everything heavy is loaded here, so that help and
 * bad usage answer at once.
 * @throws CannotRunError for whatever keeps the check from taking place, and for a result that cannot be kept.
 */
export async function check(
  work: (library: Library, hooks: RunHooks) => Promise<Checked>,
  choices: OutputChoices,
  gated: GateChoices,
  abort: AbortSignal,
  configFile: string | null = null,
): Promise<Ending> {
  checkGate(gated, choices);
  const [library, { openOutput }] = await Promise.all([import('../run.ts'), import('./output.ts')]);
  const output = openOutput(choices);
  if (configFile !== null) output.note(`Using ${configFile}.`);
  const gate = await openGate(gated);
  const hooks = { onProgress: output.live.onProgress, signal: abort, baseline: gate.baseline };
  const checked = await work(library, hooks).finally(() => output.live.end());
  await tellAndKeep(checked, output, choices);
  const kept = await gate.keep(checked);
  if (kept !== null) output.note(kept);
  return { kind: 'run', result: checked.result, isIncomplete: isIncomplete(checked) };
}

/** Whether anything that was asked for could not take place. */
function isIncomplete({ notChecked, result: { repeats = [] } }: Checked): boolean {
  return notChecked.some(({ error }) => error !== null) || repeats.some(({ ended }) => ended.kind === 'broken');
}

/**
 * Shows the report, saves the result where it is to go, and last writes other reports: one that cannot be written loses nothing.
 * @throws CannotRunError for a result that cannot be kept, and for a report that cannot be written.
 */
export async function tellAndKeep(checked: Checked, output: Output, choices: OutputChoices): Promise<void> {
  await output.report(checked);
  await output.keep(checked);
  if (choices.folder !== null || choices.json === null) await saveIn(choices.folder, output, checked);
  await output.announce(checked);
  tellNotChecked(checked, output);
  await output.write(checked);
}

/** What was left out is a note; what could not be checked is an error like any other. */
function tellNotChecked({ notChecked }: Checked, output: Output): void {
  for (const { service, because, error } of notChecked) {
    if (error === null) output.note(`Left out: ${service} ${because}.`);
    else process.stderr.write(withoutCommands(`\nCould not check ${service}: ${errorText(error)}`, process.env));
  }
}

/** A folder that was asked for has to work; the default one is a convenience, and a report without it still counts. */
async function saveIn(folder: string | null, output: Output, checked: Checked): Promise<void> {
  const file = `${folder ?? DEFAULT_FOLDER}/result.json`;
  try {
    await output.save(checked, file);
    output.note(`Saved in ${file}.`);
  } catch (error) {
    if (folder !== null) throw error;
    output.note(messageOf(error));
  }
}
