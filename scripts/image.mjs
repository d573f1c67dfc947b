// Makes the image of this program from what this machine's npm has: a build may not reach a registry, or not trust the
// certificate of the one in between. Arguments are for `docker build`.
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { baseImage, hasBaseImage } from './setup/base-image.mjs';
import { ROOT, run, say, SetupError } from './setup/run.mjs';

/** Without a base here the Dockerfile's own is pulled. */
async function baseArguments() {
  return (await hasBaseImage()) ? ['--build-arg', `NODE_IMAGE=${await baseImage()}`] : [];
}

/** The published package with what it needs to run, in the folder `package`, as the Dockerfile looks for it. */
async function preparePackage(folder) {
  await run('npm', ['pack', '--pack-destination', folder]);
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', path.join(folder, tarball), '-C', folder]);
  await rm(path.join(folder, tarball));
  const target = path.join(folder, 'package');
  await cp(path.join(ROOT, 'package-lock.json'), path.join(target, 'package-lock.json'));
  await run('npm', ['ci', '--prefix', target, '--omit=dev', '--ignore-scripts', '--prefer-offline']);
}

const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-image-'));
try {
  say('packing, and installing what the package needs');
  await preparePackage(folder);
  const file = path.join(ROOT, 'Dockerfile');
  const given = process.argv.slice(2);
  const named = given.some((argument) => /^(-t|--tag)/.test(argument)) ? [] : ['--tag', 'shutdown-check'];
  await run('docker', ['build', '--file', file, ...(await baseArguments()), ...named, ...given, folder], {
    show: true,
  });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`image: ${error.message}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
