import { existsSync } from 'node:fs';

import { type Config, type ConfigTarget, findConfig, loadConfig } from '../config/config.ts';
import type { Settings } from '../config/entries.ts';
import { merge, type Merged } from '../config/merge.ts';
import { CannotRunError } from '../errors.ts';
import { nearest } from '../plan/nearest.ts';
import type { RunOptions } from '../plan/options.ts';
import type { Scenario } from '../scenarios.ts';
import type { Arguments, FlagShape } from './arguments.ts';
import { ANY_CONFIG, CONFIG_FLAGS, type ConfigChoices } from './config-flags.ts';
import { fill, type FlagValues } from './flag.ts';
import { GATE_FLAGS } from './gate-flags.ts';
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
  if (chosen === null) {
    refuseMistyped(config, positionals, values);
    const { target } = targetOf(positionals, values, command);
    const merged = merge(layers, target === undefined ? values : new Map([...values, ['target', [target]]]));
    const start = { ...(target !== undefined && { target }), ...given };
    return { config, whole: wholeOf(layers.map(ofAnyTarget), values), targets: [await targetFrom(merged, start)] };
  }
  const whole = wholeOf(layers, values);
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

/** What a command that takes one target is to do, as far as it takes what the configuration says. */
export interface ConfiguredOne {
  readonly config: Config | null;
  readonly values: FlagValues;
  readonly whole: FlagValues;
  readonly start: Pick<RunOptions, 'target' | 'command' | 'name'>;
}

/**
 * What `budget` and `rollout` are to work on: a target of the configuration by its name, or one that is named, with the defaults.
 * What the file says and the command does not take is left out: it was said of `run`.
 * @throws CannotRunError where there is not one target.
 */
export async function configuredOne(
  { values, positionals, rest }: Arguments,
  flags: readonly FlagShape[],
  command: 'budget' | 'rollout',
): Promise<ConfiguredOne> {
  const config = await readConfig(values);
  const layers = (config === null ? [] : [ofAnyTarget(config.defaults)]).map((one) => only(flags, one));
  const given = rest === null ? {} : { command: rest };
  const [named, ...more] = positionals.length === 0 ? [] : (chosenTargets(config, positionals, values) ?? []);
  const whole = wholeOf(layers, values);
  if (named !== undefined && more.length === 0) {
    const { target, command: own } = named.settings;
    const start = {
      name: named.name,
      ...(target !== null && { target }),
      ...(own !== null && { command: own }),
      ...given,
    };
    return { config, whole, start, values: merge([...layers, only(flags, named.settings)], values).values };
  }
  refuseMistyped(config, positionals, values);
  const { target } = targetOf(positionals, values, command);
  const typed = target === undefined ? values : new Map([...values, ['target', [target]]]);
  return {
    config,
    whole,
    start: { ...(target !== undefined && { target }), ...given },
    values: merge(layers, typed).values,
  };
}

/**
 * The flags of a command that takes no target, over the configuration's defaults, as far as it takes them.
 * @throws CannotRunError for a configuration that cannot be read.
 */
export async function overDefaults(
  values: FlagValues,
  flags: readonly FlagShape[],
): Promise<Pick<ConfiguredOne, 'config' | 'values' | 'whole'>> {
  const config = await readConfig(values);
  const layers = config === null ? [] : [only(flags, ofAnyTarget(config.defaults))];
  return { config, values: merge(layers, values).values, whole: wholeOf(layers, values) };
}

function only(flags: readonly FlagShape[], settings: Settings): Settings {
  return {
    ...settings,
    flags: new Map([...settings.flags].filter(([name]) => flags.some((flag) => flag.name === name))),
  };
}

/** What the command line writes to standard output, the file's reporters leave to it. */
function wholeOf(layers: readonly Settings[], values: FlagValues): FlagValues {
  const { values: whole } = merge(layers, values);
  const isTaken = values.get('json')?.at(-1) === '-' && !values.has('reporter');
  const reporters = (whole.get('reporter') ?? []).filter((text) => !isTaken || text.includes('='));
  return new Map([...whole, ['reporter', reporters]]);
}

/** The file's baseline is of its own targets. */
function ofAnyTarget(settings: Settings): Settings {
  return { ...settings, flags: new Map([...settings.flags].filter(([name]) => !OF_BASELINE.includes(name))) };
}

const OF_BASELINE: readonly string[] = GATE_FLAGS.map(({ name }) => name);

/** A word that is nearly the name of a target, and nothing else that is known here, is not taken for an image. */
function refuseMistyped(config: Config | null, positionals: readonly string[], values: FlagValues): void {
  const known = config?.targets.map(({ name }) => name) ?? [];
  const odd = positionals.find((word) => !known.includes(word));
  if (odd === undefined || /[./:@]/.test(odd) || values.has('image') || existsSync(odd)) return;
  const meant = nearest(odd, known);
  if (meant === null) return;
  throw new CannotRunError(`${config?.file} has no target "${odd}". Did you mean ${meant}?`, {
    nextStep: `Its targets are ${known.join(', ')}. If an image of that name is meant, add --image.`,
  });
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
