import { install, packageSystem } from './apt.mjs';
import { attempt, say, SetupError } from './run.mjs';

/** What some scenarios have in front of their app, in an image and without one. Commands and packages have one name. */
const INITS = ['tini', 'dumb-init'];

/** Installs the inits that are missing, where packages can be installed; without them their scenarios need an engine. */
export async function ensureInits() {
  const missing = [];
  for (const init of INITS) if ((await attempt('sh', ['-c', `command -v ${init}`])).code !== 0) missing.push(init);
  if (missing.length === 0 || packageSystem() === null) return;
  say(`installing ${missing.join(' and ')} with apt-get`);
  try {
    await install(missing);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${missing.join(' and ')} cannot be installed; some scenarios then need an engine.\n${error.message}`);
  }
}
