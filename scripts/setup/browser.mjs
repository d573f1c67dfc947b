import { install, packageSystem } from './apt.mjs';
import { attempt, say, SetupError } from './run.mjs';

/** What the HTML report is looked at in. Command and package have one name, in Debian; Ubuntu's package of it is none. */
const BROWSER = 'chromium';

/** Installs the browser where packages can be installed; without it the HTML report is not tested in one. */
export async function ensureBrowser() {
  if ((await browserPath()) !== null || packageSystem()?.id !== 'debian') return;
  say(`installing ${BROWSER} with apt-get`);
  try {
    await install([BROWSER]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${BROWSER} cannot be installed; the HTML report is then not tested in a browser.\n${error.message}`);
  }
}

/** Where the browser is; null where there is none. */
export async function browserPath() {
  const { code, output } = await attempt('sh', ['-c', `command -v ${BROWSER}`]);
  return code === 0 ? output.trim() : null;
}
