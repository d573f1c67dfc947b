import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { attempt, ROOT, run, say, SetupError } from './run.mjs';

/** The Node that npm's `node` package brings, whatever Node the machine has. */
export const NODE = path.join(ROOT, 'node_modules', '.bin', 'node');

/** Installs what the lockfile says, unless exactly that is there. */
export async function ensureDependencies() {
  if (!(await isInstalled())) {
    say('installing dependencies (npm ci)');
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { show: true });
  }
  const { code, output } = await attempt(NODE, ['--version']);
  if (code !== 0 || !output.startsWith('v24.')) {
    throw new SetupError(
      'node_modules/.bin/node is no Node 24. npm did not run the install script of the package `node`: ' +
        'see `npm config get ignore-scripts`, then delete node_modules and start again.',
    );
  }
}

async function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  const wanted = packagesOf('package-lock.json');
  return installed !== null && isSame(installed, wanted) && (await attempt(NODE, ['--version'])).code === 0;
}

/** Compares content: npm writes the lockfile after what it installed, so their times say nothing. */
function isSame(installed, wanted) {
  const names = Object.keys(wanted).filter((name) => name !== '');
  return names.every((name) => {
    const there = installed[name];
    return there === undefined ? wanted[name].optional === true : there.integrity === wanted[name].integrity;
  });
}

function packagesOf(file) {
  const full = path.join(ROOT, file);
  return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')).packages : null;
}
