/** A table of measurements, for the terminal and the report alike. */
export interface TableOf {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What has to hold. */
export interface Target {
  /** What is measured, with its unit. */
  readonly name: string;
  readonly measured: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One thing measured, as it is reported. */
export interface Section {
  readonly title: string;
  /** How it was measured, and what the columns mean. */
  readonly text: string;
  readonly table: TableOf;
  readonly targets: readonly Target[];
}

/** A number that could not be measured meets no target. */
export function isMet({ measured, atLeast = -Infinity, atMost = Infinity }: Target): boolean {
  return measured >= atLeast && measured <= atMost;
}

/** What a target asks for, as a reader writes it. */
export function limitOf({ atLeast, atMost }: Target): string {
  return [atLeast === undefined ? '' : `at least ${atLeast}`, atMost === undefined ? '' : `at most ${atMost}`]
    .filter((part) => part !== '')
    .join(', ');
}
