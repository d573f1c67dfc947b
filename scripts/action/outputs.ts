import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** The file of each reporter in the folder. */
export const FILES = {
  table: 'report.txt',
  json: 'report.json',
  junit: 'junit.xml',
  markdown: 'report.md',
  sarif: 'report.sarif',
  html: 'report.html',
} as const;

const RESULT = 'result.json';

/** Takes away what an earlier step has left: whatever is there afterwards is this run's. */
export function clear(folder: string): void {
  for (const file of [RESULT, ...Object.values(FILES)]) rmSync(path.join(folder, file), { force: true });
}

/** Appends the step's outputs to the runner's file for them; a file that was not written is an empty one. */
export function tell(folder: string, exitCode: number, file: string | undefined): void {
  if (!file) return;
  const there = (name: string): string => (existsSync(path.join(folder, name)) ? path.join(folder, name) : '');
  const outputs = {
    verdict: verdictIn(there(RESULT)),
    'exit-code': String(exitCode),
    folder,
    result: there(RESULT),
    junit: there(FILES.junit),
    sarif: there(FILES.sarif),
    html: there(FILES.html),
  };
  appendFileSync(file, Object.entries(outputs).map(entry).join(''));
}

function verdictIn(file: string): string {
  return file === '' ? '' : (JSON.parse(readFileSync(file, 'utf8')) as { readonly verdict: string }).verdict;
}

/** As the runner takes a value that may have lines: between marks that nobody can guess. */
function entry([name, value]: readonly [string, string]): string {
  const mark = `end-${randomUUID()}`;
  return `${name}<<${mark}\n${value}\n${mark}\n`;
}
