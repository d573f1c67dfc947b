/*
 * Makes the example that the repository keeps: the lesson's app as shell form, stopped with Docker's default grace
 * period. Writes reports/example/ and the same report into README.md.
 *
 * Usage: node scripts/make-example.ts
 */
import { readFile, writeFile } from 'node:fs/promises';

import { run, saveResult } from '../src/index.ts';
import { renderReport } from '../src/report/table/table.ts';
import { baseImage } from './setup/base-image.mjs';

const FOLDER = 'reports/example';
const IN_README = /(<!-- report -->\n\n```text\n)[^]*?(```\n)/;

const { result, ledgers } = await run({
  target: 'sample-apps/drains/shell-form.Dockerfile',
  buildArgs: { NODE_IMAGE: await baseImage() },
});
const report = renderReport(result, { color: false, width: 80, unicode: true });
await saveResult(result, ledgers, `${FOLDER}/result.json`);
await writeFile(`${FOLDER}/report.txt`, report);
const readme = await readFile('README.md', 'utf8');
if (!IN_README.test(readme)) throw new Error('README.md has no place for the report');
await writeFile(
  'README.md',
  readme.replace(IN_README, (_all, before: string, after: string) => before + report + after),
);
