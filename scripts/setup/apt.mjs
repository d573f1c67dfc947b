import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { attempt, lastLines, SetupError } from './run.mjs';

const LOCK_WAIT_MS = 120_000;
const OPTIONS = ['-q', '-o', `DPkg::Lock::Timeout=${LOCK_WAIT_MS / 1000}`];
let isUpdated = false;

/** Name, version's code name and package archive of this machine; null where packages cannot be installed. */
export function packageSystem() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release') || !existsSync('/usr/bin/apt-get')) return null;
  const release = Object.fromEntries(
    readFileSync('/etc/os-release', 'utf8')
      .split('\n')
      .map((line) => line.split('='))
      .map(([key, value = '']) => [key, value.replaceAll('"', '')]),
  );
  const id = release.ID;
  return id === 'debian' || id === 'ubuntu' ? { id, codeName: release.VERSION_CODENAME } : null;
}

/** Installs packages, those of `optional` only where this version of Debian or Ubuntu knows them. */
export async function install(packages, optional = []) {
  if (!isUpdated) await apt(['update']);
  isUpdated = true;
  const known = [];
  for (const name of optional) {
    if ((await attempt('apt-cache', ['show', name])).code === 0) known.push(name);
  }
  await apt(['install', '-y', '--no-install-recommends', ...packages, ...known]);
}

/** The lists have a lock that apt does not wait for by itself. */
async function apt(args) {
  const deadlineMs = performance.now() + LOCK_WAIT_MS;
  for (;;) {
    const { code, output } = await attempt('apt-get', [...OPTIONS, ...args], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (code === 0) return;
    if (!output.includes('Could not get lock') || performance.now() > deadlineMs) {
      throw new SetupError(`\`apt-get ${args.join(' ')}\` failed.\n${lastLines(output)}`);
    }
    await sleep(2_000);
  }
}
