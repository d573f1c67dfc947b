// Builds `dist` beside the old one and swaps them, so that a program that is running from it goes on.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = path.join(root, 'dist');
const fresh = path.join(root, 'node_modules', '.cache', 'shutdown-check', `dist-${process.pid}`);
const tsc = path.join(root, 'node_modules', '.bin', 'tsc');

mkdirSync(path.dirname(fresh), { recursive: true });
try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], {
    cwd: root,
    stdio: 'inherit',
  });
  chmodSync(path.join(fresh, 'cli.js'), 0o755);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
} catch (error) {
  rmSync(fresh, { recursive: true, force: true });
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
