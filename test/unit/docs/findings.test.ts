import { readdir } from 'node:fs/promises';

import { describe, expect, test } from 'vitest';

import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../../../src/diagnosis/finding.ts';
import { pageOf } from '../../../src/pages.ts';
import { loadScenarios } from '../../../src/scenarios.ts';
import { sentenceOf } from './sentences.ts';

const CODES = [...CAUSES, ...CONSEQUENCES, ...ROLLOUT_CODES];

const HEADINGS = [
  'What it looks like',
  'What happened',
  'How it is told',
  'What to change',
  'See it yourself',
  'How sure',
];

describe('the pages of the findings', () => {
  test('are one for each code, and none besides', async () => {
    const files = await readdir('docs/findings');
    expect(files.toSorted()).toEqual(CODES.map((code) => `${code}.md`).toSorted());
  });

  test.each(CODES)('%s: answers the six questions, in their order, on a page or less', (code) => {
    const page = pageOf(code) ?? '';
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(HEADINGS);
    expect(page.split('\n').length).toBeLessThan(75);
  });

  test.each(CODES)('%s: begins with its code and one sentence, for whoever shows no more', (code) => {
    const [title, summary = ''] = (pageOf(code) ?? '').split('\n\n');
    expect(title).toBe(`# ${code}`);
    expect(summary).toMatch(/^[A-Z][^\n]{20,160}\.$/);
  });

  test.each(CODES)('%s: shows the sentence of the report, as the report has it', (code) => {
    const page = pageOf(code) ?? '';
    const quoted = [...page.matchAll(/^> (.+)$/gm)].map(([, line]) => line).join(' ');
    expect(quoted).toBe(sentenceOf(code));
  });

  test.each(CODES)('%s: has no picture, and links only to pages of the docs', (code) => {
    const page = pageOf(code) ?? '';
    expect(page).not.toMatch(/!\[/);
    const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
    expect(links.filter((link) => !/^(\.\.\/[a-z-]+|[A-Z0-9_]+)\.md(#[a-z-]+)?$/.test(link ?? ''))).toEqual([]);
  });

  test.each(CAUSES)('%s: names a built-in scenario that shows it', async (code) => {
    const scenarios = await loadScenarios();
    const showing = scenarios.filter(({ expected }) => expected.findings?.includes(code)).map(({ name }) => name);
    const named = [...(pageOf(code) ?? '').matchAll(/shutdown-check scenarios (.+)$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(named.filter((name) => showing.includes(name))).not.toEqual([]);
  });
});
