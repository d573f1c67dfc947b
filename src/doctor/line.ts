/** What was looked for, in the order in which it is told. */
export const LINE_NAMES = [
  'engine',
  'address',
  'processes',
  'kernel',
  'builder',
  'compose',
  'registry',
  'clock',
  'commands',
  'init',
  'balancer',
  'node',
  'files',
] as const;

export type LineName = (typeof LINE_NAMES)[number];

/** One thing that a check may need, and what it is here. */
export interface DoctorLine {
  readonly name: LineName;
  /** `unknown`: it could not be told, for want of an engine or of an answer. */
  readonly state: 'ok' | 'limited' | 'missing' | 'unknown';
  /** What was found, a sentence or two. */
  readonly found: string;
  /** What one goes without; null where nothing is missing. */
  readonly costs: string | null;
  /** How to get it: the command or the flag, on lines of its own; null where there is nothing to do. */
  readonly remedy: string | null;
}

/** A line of which nothing is to be said but what was found. */
export function fine(name: LineName, found: string): DoctorLine {
  return { name, state: 'ok', found, costs: null, remedy: null };
}

/** A line about something that no engine was there to tell, or that told nothing in time. */
export function untold(name: LineName, found: string, costs: string | null = null): DoctorLine {
  return { name, state: 'unknown', found, costs, remedy: null };
}
