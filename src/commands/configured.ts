import { type Config, type ConfigTarget, findConfig, loadConfig } from '../config/config.ts';
import { merge, type Merged } from '../config/merge.ts';
import { CannotRunError } from '../errors.ts';
import type { RunOptions } from '../plan/options.ts';
import type { Scenario } from '../scenarios.ts';
import type { Arguments } from './arguments.ts';
import { ANY_CONFIG, CONFIG_FLAGS, type ConfigChoices } from './config-flags.ts';
import { fill, type FlagValues } from './flag.ts';
import { RUN_FLAGS } from './run-flags.ts';
import { IN_TARGETS_PLACE, targetOf } from './target.ts';

/** What a command is to check, from the command line and the configuration together. */
export interface Configured {
  /** null where none was read. */
  readonly config: Config | null;
  /** What holds for the whole check: reporters, output, baseline. */
  readonly whole: FlagValues;
  readonly targets: readonly ConfiguredTarget[];
}

export interface ConfiguredTarget {
  readonly options: RunOptions;
  /** Where each of the values comes from that is no default: the flag, or `file:line`. */
  readonly sources: Merged['sources'];
}

/**
 * The configuration that the flags name, or that lies in this folder; null where there is none.
 * @throws CannotRunError for one that cannot be read, or says something that it does not take.
 */
export async function readConfig(values: FlagValues): Promise<Config | null> {
  const { file, isLookedFor } = await fill<ConfigChoices>(CONFIG_FLAGS, values, ANY_CONFIG);
  const found = file ?? (isLookedFor ? findConfig('.') : null);
  return found === null ? null : await loadConfig(found);
}

/**
 * What `run` is to check: the target that is named, the configuration's of these names, or all of the configuration's.
 * @throws CannotRunError where there is nothing to check, and for bad values.
 */
export async function configured(
  { values, positionals, rest }: Arguments,
  command: 'run' | 'plan',
): Promise<Configured> {
  const config = await readConfig(values);
  const layers = config === null ? [] : [config.defaults];
  const chosen = chosenTargets(config, positionals, values);
  const given = rest === null ? {} : { command: rest };
  const whole = merge(layers, values).values;
  if (chosen === null) {
    const start = { ...targetOf(positionals, values, command), ...given };
    return { config, whole, targets: [await targetFrom(merge(layers, values), start)] };
  }
  if (rest !== null && chosen.length > 1)
    throw new CannotRunError(`What follows -- is the command of one target, and there are ${chosen.length}.`, {
      nextStep: `Name one of them: ${chosen.map(({ name }) => name).join(', ')}`,
    });
  const targets = chosen.map(({ name, settings }) => {
    const { target, command: own } = settings;
    const start = { name, ...(target !== null && { target }), ...(own !== null && { command: own }), ...given };
    return targetFrom(merge([...layers, settings], values), start);
  });
  return { config, whole, targets: await Promise.all(targets) };
}

/**
 * The configuration's own scenarios, with its defaults.
 * @throws CannotRunError for bad values.
 */
export async function scenariosOf(config: Config | null): Promise<readonly Scenario[]> {
  if (config === null) return [];
  return await Promise.all(
    config.scenarios.map(async ({ name, title, settings, expected }) => {
      const { target, command } = settings;
      const start = { ...(target !== null && { target }), ...(command !== null && { command }) };
      const { options } = await targetFrom(merge([config.defaults, settings], new Map()), start);
      return { name, title, options, expected };
    }),
  );
}

/** Those of the configuration that are meant; null where what is named is a target itself. */
function chosenTargets(
  config: Config | null,
  positionals: readonly string[],
  values: FlagValues,
): readonly ConfigTarget[] | null {
  if (config === null || config.targets.length === 0) return null;
  if (positionals.length === 0) return IN_TARGETS_PLACE.some((name) => values.has(name)) ? null : config.targets;
  const named = positionals.map((name) => config.targets.find((target) => target.name === name));
  return named.some((one) => one === undefined) ? null : named.filter((one) => one !== undefined);
}

async function targetFrom({ values, sources }: Merged, start: RunOptions): Promise<ConfiguredTarget> {
  return { options: await fill<RunOptions>(RUN_FLAGS, values, start), sources };
}
