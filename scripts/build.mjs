// Builds `dist` beside the old one and swaps them, so that a program that is running from it goes on.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const fresh = path.join(root, 'node_modules', '.cache', 'shutdown-check', `dist-${process.pid}`);
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

/** The library's own licence asks to stand beside every copy of it. */
const LICENCE = `/*! With Observable Plot and D3: ${['@observablehq/plot', 'd3']
  .map((name) => readFileSync(path.join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim())
  .join('\n\n')
  .replaceAll('*/', '')} */`;

mkdirSync(path.dirname(fresh), { recursive: true });
try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit',
  });
  await buildPage(path.join(fresh, 'report', 'html'));
  chmodSync(path.join(fresh, 'cli.js'), 0o755);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}

/** What an HTML report brings with it: its script, in one file with the library that draws, and its style. */
async function buildPage(folder) {
  const page = path.join(root, 'src', 'report', 'html', 'page');
  const settings = { bundle: true, minify: true, logLevel: 'warning', legalComments: 'inline', target: 'es2022' };
  await build({
    ...settings,
    entryPoints: [path.join(page, 'main.ts')],
    banner: { js: LICENCE },
    format: 'iife',
    outfile: path.join(folder, 'page.js'),
    tsconfig: path.join(page, 'tsconfig.json'),
  });
  await build({
    ...settings,
    entryPoints: [path.join(page, 'page.css')],
    target: ['chrome123', 'firefox120', 'safari17.5'],
    outfile: path.join(folder, 'page.css'),
  });
}
