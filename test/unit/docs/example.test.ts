import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { renderReport } from '../../../src/report/table/table.ts';
import type { Result } from '../../../src/result.ts';
import { read } from './documents.ts';

const report = await readFile('reports/example/report.txt', 'utf8');

test('the kept example’s report is rendered from its saved result', async () => {
  const result = JSON.parse(await readFile('reports/example/result.json', 'utf8')) as Result;
  expect(renderReport(result, { color: false, width: 80, unicode: true })).toBe(report);
});

test('docs/run.md shows all of it, and the README its beginning', () => {
  expect(read('docs/run.md')).toContain(`\`\`\`text\n${report}\`\`\``);
  expect(read('README.md')).toContain(`\`\`\`text\n${report.slice(0, report.indexOf('\nDrain '))}\`\`\``);
});
