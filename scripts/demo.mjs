/*
 * The main job on one app twice: as shell form, where nobody passes the stop signal on, and mended, as exec form.
 * Exit code 0 when the first fails and the second passes, as they should.
 */
import { spawnSync } from 'node:child_process';

import { baseImage } from './setup/base-image.mjs';

const GRACE = '5s';
const buildArg = `NODE_IMAGE=${await baseImage()}`;

heading(`1 of 2  The lesson's app with \`CMD node server.js\`, stopped under load with ${GRACE} of grace`);
const shellForm = check('sample-apps/drains/shell-form.Dockerfile');

heading('2 of 2  The same app, mended: `CMD ["node", "server.js"]`');
const execForm = check('sample-apps/drains/Dockerfile');

const isAsExpected = shellForm === 1 && execForm === 0;
console.log(
  isAsExpected
    ? '\nOne line in the Dockerfile makes the difference: as shell form the app never gets SIGTERM and is killed with ' +
        'requests in flight;\nas exec form it drains and loses nothing. Your own: npx shutdown-check run ./Dockerfile'
    : `\nThis is not what the demo expects, which is exit code 1, then 0. It got ${shellForm}, then ${execForm}.`,
);
process.exitCode = isAsExpected ? 0 : 1;

/** Exit code of a run, its report on the terminal. */
function check(dockerfile) {
  const args = ['dist/cli.js', 'run', dockerfile, '--grace', GRACE, '--build-arg', buildArg];
  console.log(`$ shutdown-check run ${dockerfile} --grace ${GRACE}\n`);
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status;
}

function heading(text) {
  console.log(`\n${text}`);
}
