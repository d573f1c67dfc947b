import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { ROOT } from './run.mjs';

/** Whether `dist` is newer than everything that it is made from. */
export function isBuilt() {
  const program = path.join(ROOT, 'dist', 'cli.js');
  if (!existsSync(program)) return false;
  const builtAtMs = statSync(program).mtimeMs;
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.build.json'].map((file) => path.join(ROOT, file));
  return [...under(path.join(ROOT, 'src')), ...settings].every((file) => statSync(file).mtimeMs <= builtAtMs);
}

/** Folders too: their time tells that a file was taken away. */
function under(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return [
    folder,
    ...entries.flatMap((entry) => {
      const full = path.join(folder, entry.name);
      return entry.isDirectory() ? under(full) : [full];
    }),
  ];
}
