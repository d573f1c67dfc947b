/*
 * The main job on one app twice: as shell form, where nobody passes the stop signal on, and mended, as exec form. Where
 * no engine can be had, the same two commands without an image.
 * Exit code 0 when the first fails and the second passes, as they should.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';

import { baseImage, hasBaseImage } from './setup/base-image.mjs';

const GRACE = ['--grace', '5s'];
const APP = 'sample-apps/drains';

const [wrong, mended] = (await hasBaseImage()) ? await onImages() : withoutEngine();

heading(`1 of 2  The lesson's app with \`${wrong.written}\`, stopped under load with ${GRACE[1]} of grace`);
const first = check(wrong);

heading(`2 of 2  The same app, mended: \`${mended.written}\``);
const second = check(mended);

const isAsExpected = first === 1 && second === 0;
console.log(
  isAsExpected
    ? `\nOne line makes the difference: behind a shell the app never gets SIGTERM and is killed with requests in ` +
        `flight;\nby itself it drains and loses nothing. Your own: ${mended.yours}`
    : `\nThis is not what the demo expects, which is exit code 1, then 0. It got ${first}, then ${second}.`,
);
process.exitCode = isAsExpected ? 0 : 1;

async function onImages() {
  const more = ['--build-arg', `NODE_IMAGE=${await baseImage()}`];
  const yours = 'npx shutdown-check run ./Dockerfile';
  return [
    { written: 'CMD node server.js', args: ['run', `${APP}/shell-form.Dockerfile`, ...GRACE], more, yours },
    { written: 'CMD ["node", "server.js"]', args: ['run', `${APP}/Dockerfile`, ...GRACE], more, yours },
  ];
}

/** Set-up has said why there is no engine. */
function withoutEngine() {
  console.log(
    '\nThere is no container engine with a base image, so this demo runs the same two commands on this machine: each as\n' +
      'PID 1 of a PID namespace of its own, where the kernel treats signals as it does in a container.',
  );
  const server = `node ${APP}/server.js`;
  // A shell that gives its place to the last command of `-c` has to be given another one.
  const text = path.basename(realpathSync('/bin/sh')) === 'dash' ? server : `${server}; exit $?`;
  const yours = 'npx shutdown-check exec -- npm start';
  return [
    { written: `sh -c "${text}"`, args: ['exec', ...GRACE, '--', 'sh', '-c', text], more: [], yours },
    { written: server, args: ['exec', ...GRACE, '--', ...server.split(' ')], more: [], yours },
  ];
}

/** Exit code of a run, its report on the terminal. */
function check({ args, more }) {
  console.log(`$ shutdown-check ${args.map((word) => (word.includes(' ') ? `"${word}"` : word)).join(' ')}\n`);
  return spawnSync(process.execPath, ['dist/cli.js', ...args, ...more], { stdio: 'inherit' }).status;
}

function heading(text) {
  console.log(`\n${text}`);
}
