import { readFileSync } from 'node:fs';

import { CannotRunError } from '../../errors.ts';

/** What a page brings with it. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** What the build makes of `page/`; the same place from the sources and from what is built of them. */
const FOLDER = new URL('../../../dist/report/html/', import.meta.url);

/** @throws CannotRunError where nothing was built yet, as in a checkout. */
export function builtAssets(): Assets {
  return { script: read('page.js'), style: read('page.css') };
}

function read(name: string): string {
  try {
    return readFileSync(new URL(name, FOLDER), 'utf8');
  } catch (cause) {
    throw new CannotRunError('The HTML report’s script and style are not built yet.', {
      nextStep: 'Run `npm run build` first.',
      cause,
    });
  }
}
