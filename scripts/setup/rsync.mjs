import { install, packageSystem } from './apt.mjs';
import { attempt, say, SetupError } from './run.mjs';

/** Installs what gitlab-ci-local copies a project with, where packages can be installed. */
export async function ensureRsync() {
  if ((await attempt('rsync', ['--version'])).code === 0 || packageSystem() === null) return;
  say('installing rsync with apt-get');
  try {
    await install(['rsync']);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`rsync cannot be installed; the tests of the GitLab job are then left out.\n${error.message}`);
  }
}
