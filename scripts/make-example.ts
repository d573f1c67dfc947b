/*
 * Makes the example that the repository keeps: the lesson's app as shell form, stopped with Docker's default grace
 * period. Writes reports/example/, with pictures of the HTML report where there is a browser, and the same report into
 * docs/run.md, its head into README.md.
 *
 * Usage: node scripts/make-example.ts
 */
import { readFile, writeFile } from 'node:fs/promises';

import { run, saveResult } from '../src/index.ts';
import { htmlReporter } from '../src/report/html/html.ts';
import { renderReport } from '../src/report/table/table.ts';
import { takePictures } from './example/pictures.ts';
import { baseImage } from './setup/base-image.mjs';

const FOLDER = 'reports/example';

const { result, ledgers } = await run({
  target: 'sample-apps/drains/shell-form.Dockerfile',
  buildArgs: { NODE_IMAGE: await baseImage() },
});
const report = renderReport(result, { color: false, width: 80, unicode: true });
await saveResult(result, ledgers, `${FOLDER}/result.json`);
await writeFile(`${FOLDER}/report.txt`, report);
await writeFile(`${FOLDER}/report.html`, htmlReporter({ result, ledgers }));
await takePictures(FOLDER);
await writeReportInto('README.md', 'report head', report.slice(0, report.indexOf('\nDrain ')));
await writeReportInto('docs/run.md', 'report', report);

/** Puts text into the block that stands after `<!-- mark -->`. */
async function writeReportInto(file: string, mark: string, text: string): Promise<void> {
  const block = new RegExp(`(<!-- ${mark} -->\\n\\n\`\`\`text\\n)[^]*?(\`\`\`\\n)`);
  const page = await readFile(file, 'utf8');
  if (!block.test(page)) throw new Error(`${file} has no place for the report`);
  await writeFile(
    file,
    page.replace(block, (_all, before: string, after: string) => before + text + after),
  );
}
