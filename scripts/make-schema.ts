// Writes schema/config.json, which is published with the package, from the tables of the flags.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { ROOT } from '../src/samples.ts';
import { schemaText } from './schema/config-schema.ts';

await writeFile(path.join(ROOT, 'schema', 'config.json'), await schemaText());
