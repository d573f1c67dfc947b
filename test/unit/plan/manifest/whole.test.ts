import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { readManifest } from '../../../../src/plan/manifest/read-manifest.ts';
import { expectGolden } from '../../../golden/golden.ts';

const SHOP = fileURLToPath(new URL('fixtures/shop.yaml', import.meta.url));

test('a whole manifest is read as it is: what it says of the container, of its sidecars, and what is not here', async () => {
  const manifest = await readManifest(SHOP, {});
  await expectGolden('manifest-shop.json', `${JSON.stringify(manifest, null, 2)}\n`);
});

test('what was given stands in the values that are made of it', async () => {
  const { container } = await readManifest(SHOP, { env: { DB_PASSWORD: 's3cr3t', POD_NAME: 'api-1' } });
  expect(container.options.env).toMatchObject({ DATABASE_URL: 'postgres://api:s3cr3t@db/shop' });
  expect(container.options.command).toEqual(['server.js', '--name=api-1']);
});

test('a file that is not there is told by its flag', async () => {
  await expect(readManifest('/nowhere.yaml', {})).rejects.toThrow('--manifest /nowhere.yaml cannot be read: ENOENT');
});
