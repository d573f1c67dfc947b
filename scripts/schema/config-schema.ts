import type { Flag } from '../../src/commands/flag.ts';
import { type Form, formOf } from '../../src/commands/flag-form.ts';
import { PLAIN_OUTPUT } from '../../src/commands/output-flags.ts';
import { DEFAULT_FLAGS, TARGET_FLAGS } from '../../src/config/config.ts';
import { CODES, EXPECTATION_KEYS, VERDICTS } from '../../src/config/expectation.ts';
import { RANGES, type Range } from '../../src/plan/ranges.ts';
import { REPORTER_NAMES } from '../../src/report/reporters.ts';
import { DURATION_EXAMPLES, DURATION_PATTERN, SIZE_PATTERN } from './patterns.ts';

/** A JSON Schema, as far as this one needs one. */
type Schema = Readonly<Record<string, unknown>>;

/** A flag, whatever it fills. */
type AnyFlag = Omit<Flag<never>, 'read'> & { readonly read: (into: never, text: string) => unknown };

/**
 * The JSON Schema of a configuration, for editors: draft 7, which all of them know. Made from the flags, so that there is a key
 * for each and its help stands beside it.
 */
export async function configSchema(): Promise<Schema> {
  const source = { anyOf: ['target', 'manifest', 'attach'].map((key) => ({ required: [key] })) };
  const target = { ...mapOf(TARGET_FLAGS, OF_TARGETS), ...source };
  const scenario = { ...mapOf(TARGET_FLAGS, { ...OF_TARGETS, ...OF_SCENARIOS }), ...source, required: ['expected'] };
  const flags = await Promise.all(DEFAULT_FLAGS.map(async (flag) => [flag.name, await keyOf(flag)] as const));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'shutdown-check.yaml',
    description: 'What shutdown-check is to check, and how. Keys are the names of its flags.',
    ...map({
      $schema: { type: 'string', description: 'The schema, for editors.' },
      defaults: {
        description: 'What holds for every target and scenario that does not say otherwise.',
        ...orNothing(mapOf(DEFAULT_FLAGS, {})),
      },
      targets: { description: 'What `shutdown-check run` checks, by name.', ...named(target) },
      scenarios: {
        description: 'What `shutdown-check scenarios` runs: apps that are expected to behave in a way, also badly.',
        ...named(scenario),
      },
      reporters: {
        description: 'Reports to write, each NAME or NAME=FILE. Without a file it goes to standard output.',
        ...oneOrMore(REPORTER),
      },
    }),
    definitions: Object.fromEntries(flags),
  };
}

const NAME = '^[\\w.-]+$';
const TEXT: Schema = { type: ['string', 'number', 'boolean'] };
const REPORTER: Schema = {
  type: 'string',
  pattern: `^(${REPORTER_NAMES.join('|')})(=.+)?$`,
  examples: ['junit=reports/junit.xml', 'markdown=reports/summary.md'],
};

const OF_TARGETS: Readonly<Record<string, Schema>> = {
  target: {
    ...TEXT,
    minLength: 1,
    description: 'A Dockerfile, a folder with one, a compose file, or an image reference.',
    examples: ['./Dockerfile', '.', 'compose.yaml', 'nginx:1.29'],
  },
  command: {
    description: "Replaces the image's command: the program and its arguments, which no shell reads.",
    examples: [['node', 'server.js']],
    ...oneOrMore(TEXT),
  },
};

const FINDINGS: Readonly<Record<string, string>> = {
  findings: 'Codes that have to be among the findings.',
  'findings-untraced': "In their place where the kernel's own record of the signals was not read.",
  'not-findings': 'Codes that must not be among them.',
};

const OF_SCENARIOS: Readonly<Record<string, Schema>> = {
  title: { ...TEXT, description: 'What it shows, a sentence.' },
  expected: {
    description: 'What it is expected to do. What is left out is not looked at.',
    ...map(Object.fromEntries(EXPECTATION_KEYS.map((key) => [key, expectation(key)]))),
    required: ['verdict'],
  },
};

function expectation(key: string): Schema {
  if (key === 'verdict') return { enum: VERDICTS };
  if (key === 'sigkill') return { type: 'boolean', description: 'Whether the engine has to end it with SIGKILL.' };
  if (key === 'exit-code') return numberIn(RANGES.exitCode);
  return { description: FINDINGS[key], ...oneOrMore({ enum: CODES }) };
}

function map(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, additionalProperties: false };
}

function named(member: Schema): Schema {
  return orNothing({ propertyNames: { pattern: NAME }, additionalProperties: member });
}

function oneOrMore(item: Schema): Schema {
  return { anyOf: [item, { type: 'array', items: item }] };
}

/** A map whose keys are flags, and others of its own. */
function mapOf(flags: readonly AnyFlag[], own: Readonly<Record<string, Schema>>): Schema {
  const ofFlags = flags.map(({ name }) => [name, { $ref: `#/definitions/${name}` }] as const);
  return map({ ...own, ...Object.fromEntries(ofFlags) });
}

/** A section may stand there with everything in it commented out. */
function orNothing(schema: Schema): Schema {
  return { ...schema, type: ['object', 'null'] };
}

/** A flag as a key. */
async function keyOf(flag: AnyFlag): Promise<Schema> {
  const fallback = flag.fallback === undefined ? '' : ` Default: ${flag.fallback}.`;
  return { description: flag.help + fallback, ...(await valueOf(flag, formOf(flag))) };
}

async function valueOf(flag: AnyFlag, form: Form): Promise<Schema> {
  if (flag.name === 'reporter') return oneOrMore(REPORTER);
  switch (form.kind) {
    case 'switch':
      return { type: 'boolean' };
    case 'choice':
      return { enum: form.choices };
    case 'duration':
      return { anyOf: [...wordsOf(form.words), DURATION], examples: [...form.words, ...DURATION_EXAMPLES] };
    case 'number':
      return form.words.length === 0
        ? numberIn(form.range)
        : { anyOf: [...wordsOf(form.words), numberIn(form.range)] };
    case 'numbers':
      return { anyOf: [numberIn(form.range), { type: 'array', items: numberIn(form.range), minItems: 1 }] };
    case 'size':
      return { type: ['string', 'integer'], pattern: SIZE_PATTERN, minimum: 1, examples: ['256m', '1g'] };
    case 'pair':
      return { anyOf: [TEXT, { type: 'array', items: TEXT }, { type: 'object', additionalProperties: TEXT }] };
    case 'text':
      return await textValue(flag);
  }
}

const DURATION: Schema = { type: ['string', 'number'], pattern: DURATION_PATTERN, minimum: 0 };

function wordsOf(words: readonly string[]): readonly Schema[] {
  return words.length === 0 ? [] : [{ enum: words }];
}

function numberIn(range: Range): Schema {
  const isWhole = range.step === 1;
  return {
    type: isWhole ? 'integer' : 'number',
    minimum: range.min,
    maximum: range.max,
  };
}

async function textValue(flag: AnyFlag): Promise<Schema> {
  const item = {
    ...TEXT,
    ...((await takesEmpty(flag)) ? {} : { minLength: 1 }),
    ...(flag.value === 'PATH' && flag.name !== 'build' ? { pattern: '^/' } : {}),
  };
  return flag.repeatable === true ? oneOrMore(item) : item;
}

async function takesEmpty(flag: AnyFlag): Promise<boolean> {
  try {
    await flag.read(PLAIN_OUTPUT as never, '');
    return true;
  } catch {
    return false;
  }
}

/** The schema as it is published. */
export async function schemaText(): Promise<string> {
  return `${JSON.stringify(await configSchema(), null, 2)}\n`;
}
