import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';

import { install, packageSystem } from './apt.mjs';
import { NODE } from './dependencies.mjs';
import { attempt, environment, lastLines, run, say, SetupError } from './run.mjs';

const PUBLIC = 'node:24-bookworm-slim';
/** Never the public name: nobody else's build may come to stand on it unknowingly. */
const STAND_IN = `shutdown-check/${PUBLIC}`;
const NODE_LABEL = 'shutdown-check.stand-in.node';
const PULL_LIMIT_MS = 15_000;
/** Certificates as in the public image, the one library that Node needs, and the init of some of the samples. */
const PACKAGES = ['ca-certificates', 'libstdc++6', 'tini'];

/** The base image of the samples on this engine: the public one where it is there, else the stand-in. */
export async function baseImage() {
  return (await label(PUBLIC)) === null ? STAND_IN : PUBLIC;
}

/** Pulls the samples' base image, or makes a stand-in for it where no registry can be reached. */
export async function ensureBaseImage() {
  if ((await label(PUBLIC)) !== null) return;
  const version = await run(NODE, ['--version']);
  if ((await label(STAND_IN)) === version) return;
  say(`pulling ${PUBLIC}`);
  if (await pull()) return;
  const system = packageSystem();
  if (system === null) {
    throw new SetupError(
      `${PUBLIC} cannot be pulled, and a stand-in for it is made only by root on Debian or Ubuntu. ` +
        `Connect to a registry, or load that image with \`docker load\`.`,
    );
  }
  await makeStandIn(system, version);
}

/** What the stand-in's label says, empty for another image; null where there is no such image. */
async function label(reference) {
  const format = `{{index .Config.Labels "${NODE_LABEL}"}}`;
  const { code, output } = await attempt('docker', ['image', 'inspect', '--format', format, reference]);
  return code === 0 ? output : null;
}

/** As long as layers arrive it may take its time; without a first word soon there is no registry. */
async function pull() {
  return await new Promise((resolve) => {
    const child = spawn('docker', ['pull', PUBLIC], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
    const limit = setTimeout(() => child.kill('SIGKILL'), PULL_LIMIT_MS);
    child.stdout.on('data', (chunk) => {
      if (String(chunk).includes('Pulling fs layer')) clearTimeout(limit);
    });
    child.on('error', () => resolve(false));
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve(code === 0);
    });
  });
}

async function makeStandIn(system, version) {
  say(
    `no registry here; making ${STAND_IN} from ${system.codeName}'s packages and Node ${version} (half a minute, once)`,
  );
  if ((await attempt('mmdebstrap', ['--version'])).code !== 0) await install(['mmdebstrap']);
  const old = await attempt('docker', ['image', 'inspect', '--format', '{{.Id}}', STAND_IN]);
  await pipe(
    [
      'mmdebstrap',
      '--quiet',
      '--variant=minbase',
      `--include=${PACKAGES.join(',')}`,
      ...(system.id === 'ubuntu' ? ['--components=main,universe'] : []),
      '--customize-hook=install -m 755 "$STAND_IN_NODE" "$1/usr/local/bin/node"',
      system.codeName,
      '-',
    ],
    [
      'docker',
      'import',
      '--change',
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      '--change',
      `ENV NODE_VERSION=${version.slice(1)}`,
      '--change',
      `LABEL ${NODE_LABEL}=${version}`,
      '--change',
      'CMD ["node"]',
      '-',
      STAND_IN,
    ],
  );
  // Containers and samples may still stand on the one before; then it stays.
  if (old.code === 0) await attempt('docker', ['image', 'rm', old.output]);
}

/** `from | to`, and both have to succeed. */
async function pipe([from, ...fromArgs], [to, ...toArgs]) {
  const env = { ...environment(), STAND_IN_NODE: realpathSync(NODE) };
  const writer = spawn(from, fromArgs, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const reader = spawn(to, toArgs, { env, stdio: [writer.stdout, 'ignore', 'pipe'] });
  // The reader has its own copy of the pipe: with ours open it would never break.
  writer.stdout.destroy();
  const ends = [
    { name: from, child: writer },
    { name: to, child: reader },
  ].map(
    ({ name, child }) =>
      new Promise((resolve) => {
        let output = '';
        child.stderr.on('data', (chunk) => (output += chunk));
        child.on('error', (error) => resolve({ name, code: null, output: error.message }));
        child.on('close', (code) => resolve({ name, code, output }));
      }),
  );
  const failed = (await Promise.all(ends)).find(({ code }) => code !== 0);
  if (failed) throw new SetupError(`${failed.name} could not make the base image.\n${lastLines(failed.output)}`);
}
