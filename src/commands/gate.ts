import type { Baseline } from '../baseline/baseline.ts';
import { nameOf } from '../result.ts';
import type { Checked } from '../run.ts';
import type { GateChoices } from './gate-flags.ts';

/** Holds a check against an earlier one, and keeps it for those to come. */
export interface Gate {
  /** undefined where there is none, or none yet. */
  readonly baseline: Baseline | undefined;
  /**
   * Writes the result where it is to be a baseline.
   * @returns a sentence on what was written, or why nothing was; null where nothing was asked for.
   * @throws CannotRunError when the file cannot be written.
   */
  keep(checked: Checked): Promise<string | null>;
}

/**
 * The gate as the user chose it.
 * @throws CannotRunError for a baseline that is not there, or cannot be read.
 */
export async function openGate({ baseline: file, isUpdate, failOn }: GateChoices): Promise<Gate> {
  if (file === null) return { baseline: undefined, keep: () => Promise.resolve(null) };
  const { readBaseline, whyNoBaseline, writeBaseline } = await import('../baseline/keep.ts');
  const baseline = await readBaseline({ file, failOn: failOn ?? 'fail', isUpdate });
  return {
    baseline,
    async keep(checked) {
      if (!isUpdate) return null;
      const because = whyNoBaseline(checked);
      if (because !== null)
        return baseline === undefined
          ? `No baseline was written: ${because}.`
          : `The baseline ${file} is left as it was: ${because}.`;
      await writeBaseline(checked, file);
      return baseline === undefined
        ? `Wrote the baseline ${file}.`
        : `Updated the baseline ${file}.${gone(baseline, checked)}`;
    },
  };
}

/** Targets that the baseline had and this check did not have: they are in it no more. */
function gone({ result: was }: Baseline, { result: is }: Checked): string {
  const names = [...new Set(was.runs.map(nameOf))].filter((name) => !is.runs.some((run) => nameOf(run) === name));
  return names.length === 0 ? '' : ` It no longer has: ${names.join(', ')}.`;
}
