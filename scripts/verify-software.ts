/*
 * Holds the program against software that this project did not write, from Debian's packages: each with the stop signal
 * that it drains on and with one that it does not. What curl gets for a request in flight over `docker stop`, and the
 * exit code that `docker inspect` shows, is the truth; the program's verdict has to agree.
 *
 * Usage, as root on Debian: node scripts/verify-software.ts
 */
import { execFile, execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

import Table from 'cli-table3';

import { run } from '../src/index.ts';

const IMAGE = 'shutdown-check/software:bookworm';
const PACKAGES = 'nginx-light,gunicorn,python3-gunicorn,apache2';
const CASES = [
  { name: 'nginx', signal: 'SIGTERM', path: '/slow', port: 8080 },
  { name: 'nginx', signal: 'SIGQUIT', path: '/slow', port: 8080 },
  { name: 'gunicorn', signal: 'SIGTERM', path: '/', port: 8080 },
  { name: 'gunicorn', signal: 'SIGQUIT', path: '/', port: 8080 },
  { name: 'apache', signal: 'SIGTERM', path: '/slow', port: 80 },
  { name: 'apache', signal: 'SIGWINCH', path: '/slow', port: 80 },
];
/** Long enough for a request to be on its way, short enough for it to be unanswered. */
const MID_FLIGHT_MS = 100;

makeImage();
const table = new Table({
  head: ['software', 'stop signal', 'curl', 'exit code', 'verdict', 'cause', 'held against', 'agree'],
  style: { head: [], border: [] },
});
let isGood = true;
for (const one of CASES) {
  const truth = await stopByHand(one);
  const { result } = await run({
    target: `scripts/software/${one.name}`,
    buildArgs: { SOFTWARE_IMAGE: IMAGE },
    path: one.path,
    stopSignal: one.signal,
    warmupMs: 3000,
  });
  const [record] = result.runs;
  if (!record) throw new Error('no run');
  const agree = (record.verdict === 'pass') === truth.isServed && record.termination.exitCode === truth.exitCode;
  isGood &&= agree;
  const curl = truth.isServed ? 'whole response' : `cut off (${truth.curlCode})`;
  const cause = record.verdict === 'pass' ? '' : (record.findings[0]?.code ?? '');
  const held = record.requests.heldAgainst;
  table.push([one.name, one.signal, curl, truth.exitCode, record.verdict, cause, held, agree ? 'yes' : 'NO']);
}
console.log(`${table.toString()}\n${isGood ? 'As it should be.' : 'NOT as it should be.'}`);
process.exitCode = isGood ? 0 : 1;

/** One request by curl, `docker stop` in the middle of it, and what both say. */
async function stopByHand({ name, signal, path, port }: (typeof CASES)[number]) {
  const tag = `shutdown-check/software-${name}`;
  docker('build', '--quiet', '--tag', tag, '--build-arg', `SOFTWARE_IMAGE=${IMAGE}`, `scripts/software/${name}`);
  const id = docker('run', '--detach', '--stop-signal', signal, tag);
  try {
    const address = docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id);
    await untilServed(`http://${address}:${port}/`);
    const response = curl(`http://${address}:${port}${path}`);
    await delay(MID_FLIGHT_MS);
    docker('stop', id);
    const curlCode = await response;
    const exitCode = Number(docker('inspect', '--format', '{{.State.ExitCode}}', id));
    return { isServed: curlCode === 0, curlCode, exitCode };
  } finally {
    docker('rm', '--force', id);
  }
}

/** curl's exit code: 0 for a whole response, 18 for a cut one, 52 for none, 56 for a reset. */
function curl(url: string): Promise<number> {
  return new Promise((resolve) => {
    execFile('curl', ['--silent', '--output', '/dev/null', url], (error) => resolve(Number(error?.code ?? 0)));
  });
}

async function untilServed(url: string): Promise<void> {
  while ((await curl(url)) !== 0) await delay(50);
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** Debian with the packages; made once. */
function makeImage(): void {
  if (docker('image', 'ls', '--quiet', IMAGE) !== '') return;
  const make = `mmdebstrap --quiet --variant=minbase --include=${PACKAGES} bookworm - | docker import - ${IMAGE}`;
  execFileSync('bash', ['-o', 'pipefail', '-c', make], { stdio: ['ignore', 'ignore', 'inherit'] });
}
