import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { type DocumentedCommand, commandsIn, isPlaceholder, wordsOfAll } from './commands-in.ts';
import { blocksOf, DOCUMENTS, read } from './documents.ts';
import { understand } from './understand.ts';

const ROOT = process.cwd();
const SHELL = new Set(['sh', 'bash']);

const shells = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => SHELL.has(language));
const commands = shells.flatMap(commandsIn);
const unique = [...new Map(commands.map((one) => [one.args.join(' '), one])).values()];

/** In text a command stands between backticks. */
const inText = DOCUMENTS.flatMap((document): readonly DocumentedCommand[] =>
  [...read(document).matchAll(/`((?:npx )?shutdown-check [a-z][^`\n]*)`/g)].flatMap(([, text = '']) =>
    commandsIn({ document, language: 'sh', text: text.replace(/[<>]/g, '') }),
  ),
).filter(({ args }) => !args.some(isPlaceholder));

const COMMANDS = {
  run: async () => (await import('../../../src/commands/run.ts')).runCommand,
  rollout: async () => (await import('../../../src/commands/rollout.ts')).rolloutCommand,
  budget: async () => (await import('../../../src/commands/budget.ts')).budgetCommand,
  exec: async () => (await import('../../../src/commands/exec.ts')).execCommand,
  scenarios: async () => (await import('../../../src/commands/scenarios.ts')).scenariosCommand,
  plan: async () => (await import('../../../src/commands/plan.ts')).planCommand,
  init: async () => (await import('../../../src/commands/init.ts')).initCommand,
  report: async () => (await import('../../../src/commands/report.ts')).reportCommand,
  lint: async () => (await import('../../../src/commands/lint.ts')).lintCommand,
  explain: async () => (await import('../../../src/commands/explain.ts')).explainCommand,
  doctor: async () => (await import('../../../src/commands/doctor.ts')).doctorCommand,
} as const;
const HELPED = Object.keys(COMMANDS) as readonly (keyof typeof COMMANDS)[];

let shop: string;

/** The reader's folder: what the commands name is in it. */
beforeAll(async () => {
  shop = await mkdtemp(path.join(os.tmpdir(), 'shutdown-check-docs-'));
  await cp('test/fixtures/shop', shop, { recursive: true });
  await mkdir(path.join(shop, 'reports'));
  await cp('reports/example/result.json', path.join(shop, 'reports/result.json'));
  process.chdir(shop);
});

afterAll(async () => {
  process.chdir(ROOT);
  await rm(shop, { recursive: true });
});

describe('the commands of the documentation', () => {
  test('are many, and of every command that takes more than a flag', () => {
    const named = new Set(commands.map(({ args: [name] }) => name));
    const all = [
      'run',
      'rollout',
      'budget',
      'exec',
      'scenarios',
      'init',
      'plan',
      'report',
      'lint',
      'explain',
      'doctor',
    ];
    expect(all.filter((name) => !named.has(name))).toEqual([]);
    expect(unique.length).toBeGreaterThan(100);
  });

  test.each(unique.map((one) => [one.args.join(' '), one] as const))('`%s` is understood', async (_, { args }) => {
    // What follows the pipe of `kubectl kustomize` is read from there.
    const given = args.map((word) => (word === '/dev/stdin' ? 'deployment.yaml' : word));
    if (given.some(isPlaceholder) || given.length === 0) return;
    await expect(understand(withoutEnvironment(given))).resolves.toBeUndefined();
  });

  test.each(inText.map((one) => [one.args.join(' '), one] as const))('`%s`, in text, is one', async (_, { args }) => {
    const [name, ...words] = args;
    // In text a command may be named without its target.
    if (words.length === 0) return expect(isCommand(name ?? '')).toBe(true);
    await expect(understand(withoutEnvironment(args))).resolves.toBeUndefined();
  });

  test('a wrong one would not be', async () => {
    await expect(understand(['run', '.', '--grase', '30s'])).rejects.toThrow('--grase');
    await expect(understand(['run', './Dockerfiel'])).rejects.toThrow('./Dockerfiel');
    await expect(understand(['budget', '.', '--runs', 'many'])).rejects.toThrow('--runs');
    await expect(understand(['scenarios', 'shell-pid2'])).rejects.toThrow('shell-pid2');
  });
});

describe('the help', () => {
  test.each(HELPED)('of `%s` shows examples that are understood', async (name) => {
    const examples = examplesOf(await helpOf(name));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const [command] = commandsIn({ document: name, language: 'sh', text: example });
      expect(command).toBeDefined();
      await expect(understand(withoutEnvironment(command?.args ?? []))).resolves.toBeUndefined();
    }
  });
});

test('every script of npm’s that the documentation runs is there', async () => {
  const manifest = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const inBlocks = shells.flatMap(({ text }) =>
    wordsOfAll(text).flatMap(([npm, run, name = '']) => (npm === 'npm' && run === 'run' ? [name] : [])),
  );
  process.chdir(ROOT);
  const mentioned = DOCUMENTS.flatMap((document) =>
    [...read(document).matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name),
  );
  process.chdir(shop);
  const scripts = [...inBlocks, ...mentioned].filter((name) => name !== 'start');
  expect(scripts.length).toBeGreaterThan(10);
  expect(scripts.filter((name) => !Object.hasOwn(manifest.scripts, name))).toEqual([]);
});

/** What `--help` writes. */
async function helpOf(name: (typeof HELPED)[number]): Promise<string> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  await (await COMMANDS[name]())(['--help'], new AbortController().signal).finally(() => write.mockRestore());
  return text;
}

/** The lines under `Examples:`, continued ones joined, without what is said of them at the right. */
function examplesOf(help: string): readonly string[] {
  const [, examples = ''] = /^Examples:\n([^]*?)\n\n/m.exec(help) ?? [];
  return examples
    .replace(/\\\n +/g, '')
    .split('\n')
    .map((line) => line.trim().replace(/ {3,}.*$/, ''))
    .filter((line) => line.startsWith('shutdown-check '));
}

/** A bare `--env NAME` takes its value from the reader's environment. */
function withoutEnvironment(args: readonly string[]): readonly string[] {
  return args.map((word, nth) => (args[nth - 1] === '--env' && !word.includes('=') ? `${word}=x` : word));
}

function isCommand(name: string): boolean {
  return HELPED.some((command) => command === name);
}
