import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { install, packageSystem } from './apt.mjs';
import { attempt, environment, lastLines, run, say, SetupError } from './run.mjs';

const LOG = '/var/log/shutdown-check-dockerd.log';
const START_LIMIT_MS = 60_000;
const HOW_TO_START = [
  'Start one and run this again:',
  '  Debian, Ubuntu   as root, this script does it; or: apt-get install docker.io',
  '  with systemd     systemctl start docker',
  '  macOS, Windows   Docker Desktop or Colima',
  '  elsewhere        set DOCKER_HOST, or choose a context with `docker context use`',
].join('\n');

/** Uses the engine that answers; installs and starts one only where none is configured and this is the machine's root. */
export async function ensureEngine() {
  const first = await ask();
  if (first.version !== null) return;
  const chosen = chosenElsewhere();
  if (chosen !== null) throw new SetupError(`no engine answers at ${chosen}.\n${first.reason}\n${HOW_TO_START}`);
  if (packageSystem() === null) throw new SetupError(`no container engine answers.\n${first.reason}\n${HOW_TO_START}`);
  await installMissing();
  if ((await ask()).version === null) await start();
}

/** The engine's version by the user's own `docker`, which knows DOCKER_HOST and contexts. */
async function ask() {
  const { code, output } = await attempt('docker', ['version', '--format', '{{.Server.Version}}'], {
    timeoutMs: 10_000,
  });
  return code === 0 ? { version: output, reason: '' } : { version: null, reason: lastLines(output, 3) };
}

/** What the user has chosen in place of this machine's own engine; null: nothing. */
function chosenElsewhere() {
  if (process.env.DOCKER_HOST) return `DOCKER_HOST=${process.env.DOCKER_HOST}`;
  const context = process.env.DOCKER_CONTEXT || configuredContext();
  return context && context !== 'default' ? `the context ${context}` : null;
}

function configuredContext() {
  const file = path.join(process.env.DOCKER_CONFIG ?? path.join(homedir(), '.docker'), 'config.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).currentContext : undefined;
}

/** `docker.io` has the command only up to Debian 12; later it is a package of its own. */
async function installMissing() {
  const has = async (command) => (await attempt('sh', ['-c', `command -v ${command}`])).code === 0;
  const needsEngine = !(await has('dockerd'));
  const needsCommand = !(await has('docker'));
  const packages = [...(needsEngine ? ['docker.io'] : []), ...((await has('ps')) ? [] : ['procps'])];
  if (!needsEngine && !needsCommand && packages.length === 0) return;
  say(`no container engine here; installing ${packages.join(' and ') || 'its command'} with apt-get`);
  await install(packages, needsCommand ? ['docker-cli'] : []);
}

async function start() {
  if (existsSync('/run/systemd/system')) {
    say('starting the docker service');
    await run('systemctl', ['start', 'docker']);
    return await untilItAnswers(() => null);
  }
  forgetTheDead('/var/run/docker.pid', 'dockerd');
  forgetTheDead('/var/run/docker/containerd/containerd.pid', 'containerd');
  if (existsSync('/var/run/docker.pid')) {
    say('a dockerd is running; waiting for it to answer');
    return await untilItAnswers(() => null);
  }
  say(`starting dockerd; it stays when this ends, its log is ${LOG}`);
  const log = openSync(LOG, 'a');
  // A session of its own: it outlives this script and is not reached by Ctrl-C.
  const child = spawn('dockerd', [], { cwd: '/', env: environment(), detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended = null;
  child.on('error', (error) => (ended = error.message));
  child.on('exit', (code, signal) => (ended = `dockerd ended at once (${signal ?? `exit code ${code}`})`));
  await untilItAnswers(() => ended);
  child.unref();
}

async function untilItAnswers(hasEnded) {
  const deadlineMs = performance.now() + START_LIMIT_MS;
  while ((await ask()).version === null) {
    const ended = hasEnded();
    if (ended !== null || performance.now() > deadlineMs) {
      const lines = existsSync(LOG) ? `\nThe last lines of ${LOG}:\n${lastLines(readFileSync(LOG, 'utf8'))}` : '';
      throw new SetupError(`${ended ?? `dockerd does not answer after ${START_LIMIT_MS / 1000} s`}.${lines}`);
    }
    await sleep(250);
  }
}

/** A pid file of a process that is gone, its number perhaps another's by now, keeps dockerd from starting. */
function forgetTheDead(pidFile, command) {
  if (existsSync(pidFile) && !isRunning(readFileSync(pidFile, 'utf8').trim(), command)) rmSync(pidFile);
}

/** A killed process that nobody has waited for still has its name, in state Z. */
function isRunning(pid, command) {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return false;
  const status = readFileSync(file, 'utf8');
  return status.startsWith(`Name:\t${command}\n`) && !/^State:\tZ/m.test(status);
}
