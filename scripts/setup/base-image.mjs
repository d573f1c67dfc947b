import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { install, packageSystem } from './apt.mjs';
import { NODE } from './dependencies.mjs';
import { attempt, environment, lastLines, ROOT, run, say, SetupError } from './run.mjs';

const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
/**
 * npm, pnpm and yarn of the stand-in for Node's image; the public one has the first and the last. This project has the
 * latter two as well, for the same scenarios without an image.
 */
const PACKAGE_MANAGERS = ['npm@11.21.2', `pnpm@${devDependencies.pnpm}`, `yarn@${devDependencies.yarn}`];

/**
 * The samples' base images, by the build argument that names them. `packages` are Debian's: certificates and libraries
 * as in the public image, and what some samples put in front of their app or are made of, which they would otherwise
 * install when they are built.
 */
const BASES = {
  NODE_IMAGE: {
    reference: 'node:24-bookworm-slim',
    packages: ['ca-certificates', 'libstdc++6', 'tini', 'dumb-init'],
    hooks: [
      'install -m 755 "$STAND_IN_NODE" "$1/usr/local/bin/node"',
      `npm install --global --prefix "$1/usr/local" --ignore-scripts --no-audit --no-fund --loglevel=error ${PACKAGE_MANAGERS.join(' ')}`,
    ],
    command: ['node'],
  },
  DEBIAN_IMAGE: {
    reference: 'debian:bookworm-slim',
    packages: [
      ...['ca-certificates', 'tini', 'dumb-init', 'busybox', 'supervisor', 'python3', 'gunicorn', 'uvicorn'],
      ...['nginx-light', 'apache2', 'php-fpm', 'openjdk-17-jre-headless', 'golang-go'],
    ],
    hooks: [],
    command: ['bash'],
  },
};

const RECIPE_LABEL = 'shutdown-check.stand-in';
const PULL_LIMIT_MS = 15_000;

/** The name of a stand-in. Never the public name: nobody else's build may come to stand on it unknowingly. */
const standInOf = (reference) => `shutdown-check/${reference}`;

/** The base image of the samples on this engine: the public one where it is there, else the stand-in. */
export async function baseImage(buildArg = 'NODE_IMAGE') {
  const { reference } = BASES[buildArg];
  return (await label(reference)) === null ? standInOf(reference) : reference;
}

/** Whether an engine answers that has it. */
export async function hasBaseImage(buildArg = 'NODE_IMAGE') {
  return (await label(await baseImage(buildArg))) !== null;
}

/** Pulls base images of the samples, all where none is named, or makes a stand-in where no registry can be reached. */
export async function ensureBaseImages(buildArgs = Object.keys(BASES)) {
  const version = await run(NODE, ['--version']);
  let isReachable = true;
  for (const { reference, ...base } of buildArgs.map((name) => BASES[name])) {
    if ((await label(reference)) !== null) continue;
    const recipe = recipeOf(base, version);
    if ((await label(standInOf(reference))) === recipe) continue;
    if (isReachable) say(`pulling ${reference}`);
    isReachable = isReachable && (await pull(reference));
    if (!isReachable) await makeStandIn({ reference, recipe, ...base });
  }
}

/** What a stand-in is made of, to tell one that is out of date. */
function recipeOf({ packages, hooks }, version) {
  return createHash('sha256')
    .update(JSON.stringify([packages, hooks, version]))
    .digest('hex')
    .slice(0, 12);
}

/** What the stand-in's label says, empty for another image; null where there is no such image. */
async function label(reference) {
  const format = `{{index .Config.Labels "${RECIPE_LABEL}"}}`;
  const { code, output } = await attempt('docker', ['image', 'inspect', '--format', format, reference]);
  return code === 0 ? output : null;
}

/** As long as layers arrive it may take its time; without a first word soon there is no registry. */
async function pull(reference) {
  return await new Promise((resolve) => {
    const child = spawn('docker', ['pull', reference], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
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

async function makeStandIn({ reference, recipe, packages, hooks, command }) {
  const system = packageSystem();
  if (system === null) {
    throw new SetupError(
      `${reference} cannot be pulled, and a stand-in for it is made only by root on Debian or Ubuntu. ` +
        `Connect to a registry, or load that image with \`docker load\`.`,
    );
  }
  const standIn = standInOf(reference);
  say(`no registry here; making ${standIn} from ${system.codeName}'s packages (up to a minute, once)`);
  if ((await attempt('mmdebstrap', ['--version'])).code !== 0) await install(['mmdebstrap']);
  const old = await attempt('docker', ['image', 'inspect', '--format', '{{.Id}}', standIn]);
  const components = system.id === 'ubuntu' ? ['--components=main,universe'] : [];
  const made = ['--quiet', '--variant=minbase', `--include=${packages.join(',')}`, ...components];
  const changes = [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `LABEL ${RECIPE_LABEL}=${recipe}`,
    `CMD ${JSON.stringify(command)}`,
  ];
  await pipe(
    ['mmdebstrap', ...made, ...hooks.map((hook) => `--customize-hook=${hook}`), system.codeName, '-'],
    ['docker', 'import', ...changes.flatMap((change) => ['--change', change]), '-', standIn],
    { STAND_IN_NODE: realpathSync(NODE) },
  );
  // Containers and samples may still stand on the one before; then it stays.
  if (old.code === 0) await attempt('docker', ['image', 'rm', old.output]);
}

/** `from | to`, and both have to succeed. */
async function pipe([from, ...fromArgs], [to, ...toArgs], variables) {
  const env = { ...environment(), ...variables };
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
