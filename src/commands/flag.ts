/** Headings of the help, in its order. */
export const GROUPS = [
  'Target and build',
  'Container',
  'Command',
  'Budget',
  'Roll-out',
  'Readiness',
  'Load',
  'Protocol',
  'Sequence',
  'Stop and verdict',
  'Evidence',
  'Proof',
  'Gate',
  'Scenarios',
  'Output',
] as const;

/**
 * A flag, told once: the parser, the help and the options are all made from it. `Into` is the record it fills.
 * In a list of flags the order counts: later ones are read after, and over, the earlier.
 */
export interface Flag<Into> {
  /** Without dashes. */
  readonly name: string;
  /** Placeholder of its value in the help; null where it takes none. */
  readonly value: string | null;
  readonly repeatable?: boolean;
  /** All that it takes, where it is one of a few words and no check of the plan's says so. */
  readonly choices?: readonly string[];
  readonly group: (typeof GROUPS)[number];
  readonly help: string;
  /** What happens without it; left out where the help says it. */
  readonly fallback?: string;
  /**
   * What this flag changes in the record. `text` is empty for a flag without a value.
   * @throws CannotRunError for a bad value.
   */
  readonly read: (into: Into, text: string) => Partial<Into> | Promise<Partial<Into>>;
}

/** Flags as the parser saw them: every value of a name in the order given. */
export type FlagValues = ReadonlyMap<string, readonly string[]>;

/**
 * Fills a record from the values of its flags, in the order of the list. A flag that is not repeatable counts once:
 * the last one wins, so that a script can append to a given command line.
 * @throws CannotRunError for a bad value.
 */
export async function fill<Into>(flags: readonly Flag<Into>[], values: FlagValues, start: Into): Promise<Into> {
  let into = start;
  for (const flag of flags) {
    const given = values.get(flag.name) ?? [];
    for (const text of flag.repeatable ? given : given.slice(-1)) into = { ...into, ...(await flag.read(into, text)) };
  }
  return into;
}
