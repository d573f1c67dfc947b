import path from 'node:path';

import type { ProcessFacts } from '../engines/engine.ts';
import type { Observation, ProcessSnapshot } from '../observation.ts';
import type { ProcessRecord } from '../result.ts';
import { maskHas } from '../signals.ts';

const SHELLS = new Set(['sh', 'ash', 'dash', 'bash', 'ksh', 'mksh', 'zsh', 'busybox']);
/** They pass signals on although their masks show nothing caught: they wait with the signal blocked. (Podman's is named podman-init.) */
const INITS = /^(tini(-[\w-]+)?|(docker|podman|dumb)-init|catatonit|s6-svscan)$/;
/** A process of an init's own for each service: what has to stop well is below it. */
const SERVICE_KEEPERS = new Set(['s6-supervise', 'runsv']);
/** They run the app as the child of a shell, and were measured not to pass the signal on to it. */
const PACKAGE_MANAGERS = new Set(['npm', 'npx', 'yarn', 'pnpm']);
/** They run the app as a child, and may or may not pass the signal on. */
const WRAPPERS = new Set([
  ...PACKAGE_MANAGERS,
  ...['supervisord', 'pm2', 'pm2-runtime', 'nodemon', 'ts-node-dev', 'tsnd', 'tsx', 'sudo', 'mvn', 'gradle'],
]);
/** They do so when their first argument is `run`; else they are something else, or the app's own runtime. */
const RUNNERS = new Set(['doppler', 'uv', 'poetry', 'pipenv', 'cargo', 'go', 'dotnet', 'bun']);
/** Build tools by their main class: their scripts give their place to Java. */
const BUILD_TOOLS: ReadonlyMap<string, string> = new Map([
  ['org.codehaus.plexus.classworlds.launcher.Launcher', 'mvn'],
  ['org.apache.maven.wrapper.MavenWrapperMain', 'mvnw'],
  ['org.gradle.wrapper.GradleWrapperMain', 'gradlew'],
  ['org.gradle.launcher.GradleMain', 'gradle'],
]);

/** What scripts start beside the app, or while they wait: none of it is what is to stop well. */
const BYSTANDERS = new Set(['sleep', 'tail', 'tee', 'cron', 'crond', 'rsyslogd', 'syslogd', 'dbus-daemon', 'Xvfb']);

/** They have no runtime that exits by itself on a signal, as Go's does. */
const INTERPRETERS =
  /^(node|nodejs|bun|deno|python[\d.]*|ruby[\d.]*|php[\d.]*(-fpm)?|php-fpm[\d.]*|perl|java|dotnet|beam\.smp)$/;

/** What a process is, by the name it runs under. */
export type ProcessRole = 'shell' | 'init' | 'wrapper' | 'app';

export function roleOf(process: Pick<ProcessFacts, 'command'>): ProcessRole {
  const name = programName(process);
  if (SHELLS.has(name)) return 'shell';
  if (INITS.test(name) || SERVICE_KEEPERS.has(name)) return 'init';
  return wrapperName(process) === null ? 'app' : 'wrapper';
}

/** `npm`, `supervisord`, `uv run`: what a wrapper is called, whatever runs it; null for anything else. */
export function wrapperName(process: Pick<ProcessFacts, 'command'>): string | null {
  const [, argument = '', ...rest] = wordsOf(process);
  const program = programName(process);
  // Node programs show as "node /usr/bin/npm start", or under a title of their own, "npm start".
  // A project may keep its own yarn, as "node .yarn/releases/yarn-4.1.0.cjs".
  const script = baseName(argument).replace(/(-cli|-\d[\d.]*)?\.[cm]?js$/, '');
  const wrapper = [program, script].find((name) => WRAPPERS.has(name));
  if (wrapper !== undefined) return wrapper;
  if (program === 'java') return buildToolOf(process);
  if (RUNNERS.has(program)) return argument === 'run' && !isOwnFile(program, rest) ? `${program} run` : null;
  // Of those written in Python: "python3 /usr/bin/poetry run app".
  return RUNNERS.has(script) && rest[0] === 'run' ? `${script} run` : null;
}

/** Bun runs a file by itself, and a script of the project's as a child. */
function isOwnFile(program: string, [what = '']: readonly string[]): boolean {
  return program === 'bun' && /\.[cm]?[jt]sx?$/.test(what);
}

function buildToolOf(process: Pick<ProcessFacts, 'command'>): string | null {
  const mainClass = wordsOf(process).find((word) => BUILD_TOOLS.has(word));
  return BUILD_TOOLS.get(mainClass ?? '') ?? null;
}

/** Whether a process is a package manager that runs a script of the project's. */
export function isPackageManager(process: Pick<ProcessFacts, 'command'>): boolean {
  return PACKAGE_MANAGERS.has(wrapperName(process) ?? '');
}

/** Whether a process is a program of an interpreter or a virtual machine. */
export function isInterpreted(process: ProcessFacts): boolean {
  return INTERPRETERS.test(programName(process));
}

/** The name of the program that a process runs: `node` of `/usr/bin/node server.js`. */
export function programName(process: Pick<ProcessFacts, 'command'>): string {
  return baseName(wordsOf(process)[0] ?? '');
}

function wordsOf({ command }: Pick<ProcessFacts, 'command'>): readonly string[] {
  return command.trim().split(/\s+/);
}

/** Whether a command line is a title that a process gave itself, such as `next-server (v14.2.3)`: nobody can start that. */
export function isTitle(command: string): boolean {
  return /^\S+: | [([]/.test(command);
}

/** Whether a process is a Java virtual machine: it ends by itself on a signal, with the exit code of a death by it. */
export function isJvm(process: ProcessFacts): boolean {
  return programName(process) === 'java';
}

/** Whether a process sends each of its programs a stop signal of its own choice, and waits for them. */
export function isSupervisor(process: Pick<ProcessFacts, 'command'>): boolean {
  return wrapperName(process) === 'supervisord';
}

/** `-bash` of a login shell, `/bin/sh` and `sh` are one name. */
export function baseName(program: string): string {
  return path.posix.basename(program).replace(/^-/, '').replace(/:$/, '');
}

export function childrenOf(parent: ProcessFacts, snapshot: ProcessSnapshot): readonly ProcessFacts[] {
  return snapshot.processes.filter((process) => process.ppid === parent.pid && !isZombie(process));
}

/**
 * From PID 1 down to the process that the signal is meant for: through inits, shells and wrappers that run something.
 * Of several children the first counts that is not there for another's sake. A shell that runs nothing else works by itself.
 */
export function chainToApp(pid1: ProcessFacts, snapshot: ProcessSnapshot): readonly ProcessFacts[] {
  const role = roleOf(pid1);
  const children = role === 'app' ? [] : childrenOf(pid1, snapshot);
  const child = children.find((one) => !isBystander(one)) ?? (role === 'shell' ? undefined : children[0]);
  return child ? [pid1, ...chainToApp(child, snapshot)] : [pid1];
}

function isBystander(process: ProcessFacts): boolean {
  // The services of s6's own bear its name.
  return BYSTANDERS.has(programName(process)) || /^(\S*\/)?s6-supervise s6/.test(process.command);
}

/** Children of the app that run the same program, as those of a cluster do: what serves may be any of them. */
export function workersOf(app: ProcessFacts, snapshot: ProcessSnapshot): readonly ProcessFacts[] {
  return childrenOf(app, snapshot).filter((child) => isWorkerOf(app, child));
}

/** A script may be named by another path, or be a library's own (`python -c`); a title says what the worker does. */
function isWorkerOf(app: ProcessFacts, child: ProcessFacts): boolean {
  // Python's keeper of what its processes share serves nobody, and outlives whoever started it.
  if (/multiprocessing\.(resource|semaphore)_tracker/.test(child.command)) return false;
  if (programName(app) !== programName(child)) return false;
  // "php-fpm: pool www" of "php-fpm: master process".
  if (/^\S+: /.test(child.command)) return true;
  const [, script = ''] = wordsOf(app);
  const [, itsScript = ''] = wordsOf(child);
  return !isInterpreted(app) || itsScript.startsWith('-') || baseName(script) === baseName(itsScript);
}

/** Whether the stop signal's default action ends it: it neither catches nor ignores it. */
export function diesOf(process: ProcessFacts, signal: string): boolean {
  return catches(process, signal) !== true && !(process.masks && maskHas(process.masks.ignored, signal));
}

/** Whether a process catches a signal, by its mask; null where its mask could not be read. */
export function catches(process: ProcessFacts | undefined, signal: string): boolean | null {
  return process?.masks ? maskHas(process.masks.caught, signal) : null;
}

/** The last snapshot before the stop. */
export function snapshotBefore({ snapshots }: Observation): ProcessSnapshot | null {
  return snapshots.findLast(({ atMs }) => atMs <= 0) ?? null;
}

/** Snapshots from the moment on when the signal must have arrived. */
export function snapshotsAfter({ snapshots, signalByMs }: Observation): readonly ProcessSnapshot[] {
  return snapshots.filter(({ atMs }) => atMs > signalByMs);
}

/** The same process when it was last seen after the signal. */
export function lastSeenAfter(pid: number, observation: Observation): ProcessFacts | undefined {
  for (const { processes } of [...snapshotsAfter(observation)].reverse()) {
    const found = processes.find((process) => process.pid === pid && !isZombie(process));
    if (found) return found;
  }
  return undefined;
}

function isZombie({ state }: ProcessFacts): boolean {
  return state?.startsWith('Z') ?? false;
}

/** What ignores it has been told to, by its parent perhaps. Of an init that waits for it the masks show nothing. */
function otherwise(process: ProcessFacts, signal: string): ProcessRecord['otherwise'] {
  const { masks } = process;
  if (!masks || maskHas(masks.caught, signal)) return null;
  if (roleOf(process) === 'init') return 'waits';
  if (maskHas(masks.blocked, signal)) return 'blocks';
  return maskHas(masks.ignored, signal) ? 'ignores' : null;
}

function goneByMs(pid: number, observation: Observation): number | null {
  const without = snapshotsAfter(observation).find(
    ({ processes }) => !processes.some((process) => process.pid === pid && !isZombie(process)),
  );
  return without?.atMs ?? null;
}

/** The processes of the saved result: those that ran when the stop began. */
export function recordProcesses(observation: Observation): readonly ProcessRecord[] {
  const signal = observation.target.stopSignal;
  return (snapshotBefore(observation)?.processes ?? []).map((process) => ({
    pid: process.pid,
    ppid: process.ppid,
    isPid1: process.isPid1,
    command: process.command,
    catchesBefore: catches(process, signal),
    catchesAfter: catches(lastSeenAfter(process.pid, observation), signal),
    otherwise: otherwise(process, signal),
    goneByMs: goneByMs(process.pid, observation),
  }));
}
