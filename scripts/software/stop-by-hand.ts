import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { BuiltInScenario } from '../../src/scenarios.ts';

const run = promisify(execFile);
const TAG = 'shutdown-check/by-hand';
/** A new request so often, and for so long before the stop. */
const EVERY_MS = 150;
const BEFORE_MS = 1000;
/** curl's exit codes; a reset without a byte says that nobody had read the request. */
const WHOLE = 0;
const REFUSED = 7;
const BAD_STATUS = 22;
const RESET = 56;
const WORDS: Readonly<Record<number, string>> = {
  [WHOLE]: 'whole',
  [REFUSED]: 'refused',
  18: 'cut inside',
  [BAD_STATUS]: 'bad status',
  28: 'too late',
  52: 'cut before',
  [RESET]: 'reset unread',
};
const HARMLESS = [WHOLE, REFUSED, RESET];
const EXIT_CODES = [0, 143];

/** What curl and `docker inspect` say of a stop. */
export interface ByHand {
  /** Whether no request was cut, failed or late, and the exit code is 0 or a JVM's 143. */
  readonly isClean: boolean;
  readonly exitCode: number;
  /** How many requests ended in which way. */
  readonly told: string;
}

/** Builds and starts a scenario's container, asks it every 150 ms, and stops it, all as a person would. */
export async function stopByHand(options: BuiltInScenario['options'], image: string): Promise<ByHand> {
  const folder = path.dirname(options.target);
  docker('build', '--quiet', '--tag', TAG, '--build-arg', `DEBIAN_IMAGE=${image}`, '--file', options.target, folder);
  const id = docker('run', '--detach', ...runFlags(options), TAG);
  try {
    const host = docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', id);
    const port = docker('inspect', '--format', '{{range $port, $_ := .Config.ExposedPorts}}{{$port}}{{end}}', id);
    const root = `http://${host}:${port.split('/')[0]}`;
    while ((await curl(`${root}/`)) !== WHOLE) await delay(100);
    for (const held of options.hold ?? []) void curl(`${root}${held.replace(/^sse:/, '')}`);
    const graceSeconds = (options.graceMs ?? 10_000) / 1000;
    const endings = await askOverStop(`${root}${options.path ?? '/'}`, () =>
      run('docker', ['stop', '-t', String(graceSeconds), id]),
    );
    const exitCode = Number(docker('inspect', '--format', '{{.State.ExitCode}}', id));
    const isServed = endings.every((ending) => HARMLESS.includes(ending));
    return { isClean: isServed && EXIT_CODES.includes(exitCode), exitCode, told: tally(endings) };
  } finally {
    docker('rm', '--force', id);
  }
}

function runFlags({ env, init, stopSignal }: BuiltInScenario['options']): readonly string[] {
  return [
    ...Object.entries(env ?? {}).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...(init ? ['--init'] : []),
    ...(stopSignal === undefined ? [] : ['--stop-signal', stopSignal]),
  ];
}

/** How each request ended that was sent from shortly before the stop until it was over. */
async function askOverStop(url: string, stopIt: () => Promise<unknown>): Promise<readonly number[]> {
  const requests: Promise<number>[] = [];
  const timer = setInterval(() => requests.push(curl(url)), EVERY_MS);
  await delay(BEFORE_MS);
  await stopIt();
  clearInterval(timer);
  return await Promise.all(requests);
}

/** curl's exit code; also 7 where no connection came about in time, as with a container that is gone. */
function curl(url: string): Promise<number> {
  const args = ['--silent', '--fail', '--max-time', '30', '--connect-timeout', '2', '--output', '/dev/null'];
  return new Promise((resolve) => {
    execFile('curl', [...args, '--write-out', '%{time_connect}', url], (error, connectedAfter) => {
      resolve(error && Number(connectedAfter) === 0 ? REFUSED : Number(error?.code ?? WHOLE));
    });
  });
}

function tally(endings: readonly number[]): string {
  const counted = Map.groupBy(endings, (ending) => WORDS[ending] ?? `curl ${ending}`);
  return [...counted].map(([word, { length }]) => `${length} ${word}`).join(', ');
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
