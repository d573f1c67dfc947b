import type { DoctorResult } from '../doctor.ts';
import type { LintResult } from '../lint/lint.ts';
import type { Result } from '../result.ts';

/** How a command ended, for the one place that decides the exit code. */
export type Ending =
  /** It only told something: help, a list. */
  | { readonly kind: 'told' }
  /** A run, or one of each service: the verdict counts, and whether one that was asked for could not take place. */
  | { readonly kind: 'run'; readonly result: Result; readonly isIncomplete: boolean }
  /** Runs of a budget: the worst of them counts, and one that could not take place before it. */
  | { readonly kind: 'budget'; readonly result: Result }
  /** Scenarios: whether they did as expected counts. */
  | { readonly kind: 'scenarios'; readonly result: Result }
  /** A machine that was looked at: whether anything can be checked on it counts. */
  | { readonly kind: 'doctor'; readonly result: DoctorResult }
  /** A Dockerfile that was read: whether anything in it is an error counts. */
  | { readonly kind: 'lint'; readonly result: LintResult };

/** Does a command's work. `args` are those after its name; `abort` is the user's Ctrl-C. */
export type Command = (args: readonly string[], abort: AbortSignal) => Promise<Ending>;
