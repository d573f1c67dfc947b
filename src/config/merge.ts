import type { FlagValues } from '../commands/flag.ts';
import { formOf } from '../commands/flag-form.ts';
import { RUN_FLAGS } from '../commands/run-flags.ts';
import { DEFAULT_FLAGS } from './config.ts';
import type { Setting, Settings } from './entries.ts';
import { givesWay, type Said } from './gives-way.ts';

/** Where the value of a flag comes from: `flag`, or `file:line`. */
export type Sources = ReadonlyMap<string, string>;

/** What is given for a target from all sides. */
export interface Merged {
  readonly values: FlagValues;
  readonly sources: Sources;
}

/**
 * Puts what stands nearer over what stands further away: the command line over a target's own settings, those over the
 * defaults. Of a flag that can be repeated the later values come after the earlier; of names with values the nearer one's
 * value counts. What has no place beside what is nearer gives way to it.
 */
export function merge(layers: readonly Settings[], typed: FlagValues): Merged {
  const values = new Map<string, readonly string[]>();
  const sources = new Map<string, string>();
  for (const layer of [...layers.map(saidIn), lineSettings(typed)]) {
    const said: Said = new Map([...layer].map(([name, { texts }]) => [name, texts]));
    for (const name of [...values.keys()].filter((one) => givesWay(one, said))) {
      values.delete(name);
      sources.delete(name);
    }
    for (const [name, { texts, from }] of layer) {
      const all = name === 'target' ? [] : together(name, values.get(name) ?? [], texts);
      if (all.length === 0) values.delete(name);
      else values.set(name, all);
      if (name !== 'target') sources.set(name, from);
    }
  }
  // Reports that were asked for here take the place of the file's: a second table would be one too many.
  const reporters = typed.get('reporter');
  if (reporters !== undefined) values.set('reporter', reporters);
  return { values, sources };
}

function lineSettings(typed: FlagValues): ReadonlyMap<string, Setting> {
  return new Map([...typed].map(([name, texts]) => [name, { texts, from: `--${name}` }]));
}

/** The target counts for what gives way to it, and is no flag. */
function saidIn({ flags, target }: Settings): ReadonlyMap<string, Setting> {
  return target === null ? flags : new Map([['target', { texts: [target], from: '' }], ...flags]);
}

function together(name: string, further: readonly string[], nearer: readonly string[]): readonly string[] {
  const flag = [...RUN_FLAGS, ...DEFAULT_FLAGS].find((one) => one.name === name);
  if (flag?.repeatable !== true || nearer.length === 0) return nearer;
  const form = formOf(flag);
  if (form.kind !== 'pair') return [...further, ...nearer];
  const isHeader = form.separator !== '=';
  const keyOf = (text: string): string => text.split(form.separator.trim())[0]?.trim() ?? text;
  const isSame = (a: string, b: string): boolean =>
    isHeader ? keyOf(a).toLowerCase() === keyOf(b).toLowerCase() : keyOf(a) === keyOf(b);
  return [...further.filter((one) => !nearer.some((other) => isSame(one, other))), ...nearer];
}
