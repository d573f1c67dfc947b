import { CONFIG_FILES } from '../config/names.ts';
import type { Flag } from './flag.ts';
import { textOf } from './values.ts';

/** Which configuration is read. */
export interface ConfigChoices {
  /** null: none was named. */
  readonly file: string | null;
  /** Whether one is looked for where none was named. */
  readonly isLookedFor: boolean;
}

export const ANY_CONFIG: ConfigChoices = { file: null, isLookedFor: true };

/** Flags about the configuration, of every command that reads one. */
export const CONFIG_FLAGS: readonly Flag<ConfigChoices>[] = [
  {
    name: 'config',
    value: 'FILE',
    group: 'Target and build',
    help: 'The configuration: targets, scenarios, reporters and defaults. Flags go over it.',
    fallback: `${CONFIG_FILES[0]} (or .yml, .json) of this folder, where there is one`,
    read: (_, text) => ({ file: textOf('--config', text, 'a file', CONFIG_FILES[0]) }),
  },
  {
    name: 'no-config',
    value: null,
    group: 'Target and build',
    help: 'Read no configuration.',
    read: () => ({ file: null, isLookedFor: false }),
  },
];
