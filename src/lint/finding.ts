import type { Place } from '../image/place.ts';

/** In the order in which they are told of one place. */
export const LINT_CODES = [
  'BROKEN_EXEC_FORM',
  'NO_SHELL_IN_IMAGE',
  'SHELL_FORM',
  'SHELL_FORM_AS_ARGUMENTS',
  'INIT_BEFORE_SHELL',
  'SCRIPT_WITHOUT_EXEC',
  'SCRIPT_TRAPS',
  'SCRIPT_UNREAD',
  'PACKAGE_MANAGER_AS_PID1',
  'SUPERVISOR_AS_PID1',
  'UNCATCHABLE_STOPSIGNAL',
  'NO_STOPSIGNAL',
  'WRONG_STOP_SIGNAL',
  'COMMAND_INHERITED',
] as const;

export type LintCode = (typeof LINT_CODES)[number];

/** What can be told of a Dockerfile without running it. Lines and columns count from 1. */
export interface LintFinding extends Place {
  readonly code: LintCode;
  /** `error`: it loses requests, as far as files can tell. */
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  /** What to change, quoting the Dockerfile's own words; null where there is nothing to do. */
  readonly advice: string | null;
  /** What the files do not tell, continuing "Not known: …"; null where they tell all. */
  readonly couldNotKnow: string | null;
  /** The figures and names behind the message. */
  readonly args: Readonly<Record<string, unknown>>;
}
