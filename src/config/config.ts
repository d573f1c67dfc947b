import { existsSync } from 'node:fs';
import path from 'node:path';

import { GATE_FLAGS } from '../commands/gate-flags.ts';
import { CHECK_OUTPUT_FLAGS } from '../commands/output-flags.ts';
import { RUN_FLAGS } from '../commands/run-flags.ts';
import { CannotRunError } from '../errors.ts';
import type { ScenarioExpectation } from '../result.ts';
import { type ConfigDocument, type Entry, entriesOf, readDocument, textOf, wrongSpot } from './document.ts';
import { readSettings, type Settings, unknownKey } from './entries.ts';
import { readExpectation } from './expectation.ts';
import { CONFIG_FILES } from './names.ts';

/** Flags that say something of the whole check, and so have no place under one target. */
const WHOLE_FLAGS = [...GATE_FLAGS, ...CHECK_OUTPUT_FLAGS];
/** A target's name is its key. */
export const TARGET_FLAGS = RUN_FLAGS.filter(({ name }) => name !== 'name');
export const DEFAULT_FLAGS = [...TARGET_FLAGS, ...WHOLE_FLAGS];

export const TOP_KEYS = ['defaults', 'targets', 'scenarios', 'reporters'] as const;
export const TARGET_KEYS = ['target', 'command'] as const;
export const SCENARIO_KEYS = [...TARGET_KEYS, 'title', 'expected'] as const;

/** A target that the file names. */
export interface ConfigTarget {
  readonly name: string;
  readonly settings: Settings;
}

/** A scenario of one's own. */
export interface ConfigScenario extends ConfigTarget {
  readonly title: string;
  readonly expected: ScenarioExpectation;
}

/** What a configuration says. */
export interface Config {
  /** As the user named it, or as it was found. */
  readonly file: string;
  readonly defaults: Settings;
  readonly targets: readonly ConfigTarget[];
  readonly scenarios: readonly ConfigScenario[];
}

/** The configuration in a folder; null where there is none. */
export function findConfig(folder: string): string | null {
  const found = CONFIG_FILES.find((name) => existsSync(path.join(folder, name)));
  return found === undefined ? null : path.relative(process.cwd(), path.join(folder, found));
}

/**
 * Reads a configuration, and checks every value of it.
 * @throws CannotRunError with the line, what is wrong there, and what it takes.
 */
export async function loadConfig(file: string): Promise<Config> {
  const document = await readDocument(file);
  const sections = sectionsOf(document);
  const folder = path.dirname(file);
  const defaults = await defaultsOf(sections, folder);
  const targets: ConfigTarget[] = [];
  for (const entry of entriesIn(sections, 'targets')) targets.push(await targetOf(entry, folder));
  const scenarios: ConfigScenario[] = [];
  for (const entry of entriesIn(sections, 'scenarios')) scenarios.push(await scenarioOf(entry, folder));
  return { file, defaults, targets, scenarios };
}

function sectionsOf(document: ConfigDocument): readonly Entry[] {
  if (document.root === null)
    throw new CannotRunError(`${document.file} is empty.`, { nextStep: `It takes ${TOP_KEYS.join(', ')}.` });
  const sections = entriesOf({ document, node: document.root, path: '' }).filter(({ name }) => name !== '$schema');
  const unknown = sections.find(({ name }) => !TOP_KEYS.some((key) => key === name));
  if (unknown === undefined) return sections;
  if (DEFAULT_FLAGS.some(({ name }) => name === unknown.name))
    throw wrongSpot(
      unknown.key,
      `"${unknown.name}" stands under "defaults" or a target.`,
      'Indent it below one of them.',
    );
  throw unknownKey(unknown, TOP_KEYS);
}

function entriesIn(sections: readonly Entry[], name: string): readonly Entry[] {
  const section = sections.find((one) => one.name === name);
  return section === undefined || section.value.node === section.key.node ? [] : entriesOf(section.value);
}

async function defaultsOf(sections: readonly Entry[], folder: string): Promise<Settings> {
  const given = await readSettings(entriesIn(sections, 'defaults'), DEFAULT_FLAGS, folder, []);
  const reporters = sections.find(({ name }) => name === 'reporters');
  if (reporters === undefined) return given;
  const { flags } = await readSettings([{ ...reporters, name: 'reporter' }], WHOLE_FLAGS, folder, []);
  return { ...given, flags: new Map([...given.flags, ...flags]) };
}

async function targetOf(entry: Entry, folder: string): Promise<ConfigTarget> {
  return { name: nameOf(entry), settings: await settingsOf(entry, folder, TARGET_KEYS) };
}

async function scenarioOf(entry: Entry, folder: string): Promise<ConfigScenario> {
  const settings = await settingsOf(entry, folder, SCENARIO_KEYS);
  const parts = entriesOf(entry.value);
  const title = parts.find(({ name }) => name === 'title');
  const expected = parts.find(({ name }) => name === 'expected');
  if (expected === undefined)
    throw wrongSpot(
      entry.key,
      `the scenario "${entry.name}" does not say what is expected.`,
      'For example: expected: { verdict: pass }',
    );
  return {
    name: nameOf(entry),
    settings,
    title: title === undefined ? '' : (textOf(title.value) ?? ''),
    expected: readExpectation(expected.value),
  };
}

async function settingsOf(entry: Entry, folder: string, own: readonly string[]): Promise<Settings> {
  const parts = entry.value.node === entry.key.node ? [] : entriesOf(entry.value);
  const misplaced = parts.find(({ name }) => WHOLE_FLAGS.some((flag) => flag.name === name));
  if (misplaced !== undefined)
    throw wrongSpot(
      misplaced.key,
      `"${misplaced.name}" is of the whole check, not of one target.`,
      'Put it under "defaults".',
    );
  const settings = await readSettings(parts, TARGET_FLAGS, folder, own);
  const isSaid = settings.target !== null || ['manifest', 'attach'].some((name) => settings.flags.has(name));
  if (!isSaid)
    throw wrongSpot(
      entry.key,
      `"${entry.name}" does not say what is checked.`,
      'It takes one of target, manifest, attach. For example: target: ./Dockerfile',
    );
  return settings;
}

function nameOf({ name, key }: Entry): string {
  if (/^[\w.-]+$/.test(name)) return name;
  throw wrongSpot(key, `a name takes letters, digits, dots, dashes and underscores, and "${name}" has others.`);
}
