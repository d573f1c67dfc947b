import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';

import { type Ended, program, temporaryFolder } from './support.ts';

type Values = Readonly<Record<string, string>>;

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Values;
  readonly 'working-directory'?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface Job {
  /** The checkout of the action. */
  readonly action: string;
  /** The checkout of the workflow's repository. */
  readonly workspace: string;
}

/** What became of a step that used an action. */
export interface Used {
  readonly steps: readonly Ended[];
  readonly outputs: Values;
  readonly summary: string;
}

/**
 * Runs the `run` steps of a composite action one after the other, as GitHub's runner does: expressions filled in where
 * they stand, each script in a file of its own for `bash -eo pipefail`, outputs read from the step's file. A step that
 * fails is the last. What `uses` another action has to be there already.
 */
export async function useAction({ action, workspace }: Job, given: Values): Promise<Used> {
  const { inputs, outputs, runs } = parse(await readFile(path.join(action, 'action.yml'), 'utf8')) as Action;
  const all = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, given[name] ?? input.default]));
  const files = await temporaryFolder();
  const summaryFile = path.join(files, 'summary');
  await writeFile(summaryFile, '');
  const ended: Ended[] = [];
  const told: Record<string, Values> = {};
  const fillIn = (text: string): string => filledIn(text, { action, inputs: all, told });
  for (const [index, step] of runs.steps.entries()) {
    if (step.run === undefined) continue;
    const outputFile = path.join(files, `output-${index}`);
    const script = path.join(files, `script-${index}.sh`);
    await writeFile(outputFile, '');
    await writeFile(script, fillIn(step.run));
    const env = {
      ...{ GITHUB_ACTIONS: 'true', CI: 'true', GITHUB_WORKSPACE: workspace, GITHUB_ACTION_PATH: action },
      ...{ GITHUB_OUTPUT: outputFile, GITHUB_STEP_SUMMARY: summaryFile, ...ordinary() },
      ...Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fillIn(value)])),
    };
    const cwd = path.resolve(workspace, fillIn(step['working-directory'] ?? '.'));
    await mkdir(cwd, { recursive: true });
    const last = await program('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], { cwd, env });
    ended.push(last);
    told[step.id ?? ''] = outputsIn(await readFile(outputFile, 'utf8'));
    if (last.exitCode !== 0) break;
  }
  return {
    steps: ended,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, fillIn(value)])),
    summary: await readFile(summaryFile, 'utf8'),
  };
}

/** The Node that runs this is the one that setup-node would have brought; npm takes what it has had before. */
function ordinary(): Values {
  const PATH = `${path.dirname(process.execPath)}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return { PATH, npm_config_prefer_offline: 'true' };
}

interface Context {
  readonly action: string;
  readonly inputs: Values;
  readonly told: Readonly<Record<string, Values>>;
}

function filledIn(text: string, { action, inputs, told }: Context): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => {
    if (expression === 'toJSON(inputs)') return JSON.stringify(inputs, null, 2);
    if (expression === 'github.action_path') return action;
    const input = /^inputs\.([\w-]+)$/.exec(expression)?.[1];
    if (input !== undefined) return inputs[input] ?? '';
    const [, id = '', output = ''] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (output === '') throw new Error(`this runner does not know the expression ${expression}`);
    return told[id]?.[output] ?? '';
  });
}

/** The runner's format: `name=value` a line, or the value's lines between two marks. */
function outputsIn(text: string): Values {
  const entries = [...text.matchAll(/^([\w-]+)(?:=(.*)|<<(.+)\n([^]*?)\n\3)$/gm)];
  return Object.fromEntries(entries.map(([, name = '', value, , lines]) => [name, value ?? lines ?? '']));
}
