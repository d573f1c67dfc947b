import type { FlagValues } from '../commands/flag.ts';
import { RUN_FLAGS } from '../commands/run-flags.ts';
import { DEFAULT_FLAGS } from './config.ts';
import type { Settings } from './entries.ts';

/** Where the value of a flag comes from: `flag`, or `file:line`. */
export type Sources = ReadonlyMap<string, string>;

/** What is given for a target from all sides. */
export interface Merged {
  readonly values: FlagValues;
  readonly sources: Sources;
}

/**
 * Puts what stands nearer over what stands further away: the command line over a target's own settings, those over the
 * defaults. Of a flag that can be repeated the later values come after the earlier, and so win where they have one name.
 */
export function merge(layers: readonly Settings[], typed: FlagValues): Merged {
  const values = new Map<string, readonly string[]>();
  const sources = new Map<string, string>();
  const add = (name: string, texts: readonly string[], from: string): void => {
    const before = isRepeatable(name) ? (values.get(name) ?? []) : [];
    const all = [...before, ...texts];
    if (all.length === 0) values.delete(name);
    else values.set(name, all);
    sources.set(name, from);
  };
  for (const { flags } of layers) for (const [name, { texts, from }] of flags) add(name, texts, from);
  for (const [name, texts] of typed) add(name, texts, `--${name}`);
  // Reports that were asked for here take the place of the file's: a second table would be one too many.
  const reporters = typed.get('reporter');
  if (reporters !== undefined) values.set('reporter', reporters);
  return { values, sources };
}

function isRepeatable(name: string): boolean {
  return [...RUN_FLAGS, ...DEFAULT_FLAGS].some((flag) => flag.name === name && flag.repeatable === true);
}
