import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
export const docker = new Docker();

const CLI = path.join(ROOT, 'src', 'cli.ts');
/** On every image of these tests, and so on its containers, those of a build included: others use this engine too. */
const LABEL = 'shutdown-check.test';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program at work. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when standard error has shown it; rejects when the program ends without. */
  sees(text: RegExp): Promise<void>;
}

interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function start(args: readonly string[], { cwd = ROOT, env = {} }: Surroundings = {}): Running {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { ...process.env, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  const sees = (text: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (text.test(stderr) && resolve());
      child.stderr.on('data', look);
      look();
      void ended.then(() => reject(new Error(`ended without ${text}:\n${stdout}${stderr}`)));
    });
  return { child, ended, sees };
}

export function shutdownCheck(args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return start(args, surroundings).ended;
}

/** Runs another program to its end. */
export function program(command: string, args: readonly string[], { cwd = ROOT, env = {} }: Surroundings = {}) {
  return new Promise<Ended>((resolve) => {
    const child = execFile(command, args, { cwd, env: { ...process.env, ...env } }, (_, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const quiet = ['--no-audit', '--no-fund'];
  // What `npm test` says of its own folder does not hold in this one.
  const ended = await program('npm', [...args, ...quiet], { cwd, env: { npm_config_local_prefix: undefined } });
  if (ended.exitCode !== 0) throw new Error(`npm ${args.join(' ')}\n${ended.stdout}${ended.stderr}`);
  return ended.stdout;
}

/** Packs the program, and installs it in an empty folder. */
export async function packInto(folder: string): Promise<void> {
  const packed = await temporaryFolder();
  const pack = await npm(['pack', '--json', '--pack-destination', packed], ROOT);
  const [tarball] = /shutdown-check-[\w.-]+\.tgz/.exec(pack) ?? [];
  await npm(['install', '--prefix', folder, '--prefer-offline', `${packed}/${tarball}`], folder);
}

/** A folder with a Dockerfile, and what tells its image and containers from everybody else's. */
export interface App {
  readonly folder: string;
  readonly label: string;
}

const made: App[] = [];

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  made.push({ folder, label: '' });
  return folder;
}

/** An app of these files, marked in the line after each Dockerfile's FROM. */
export async function app(files: Readonly<Record<string, string>>): Promise<App> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return await mark(folder);
}

/** A copy of one of the samples, so that its image is this test's own. */
export async function sample(name: string): Promise<App> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  await cp(path.join(ROOT, 'sample-apps', name), folder, { recursive: true });
  return await mark(folder);
}

async function mark(folder: string): Promise<App> {
  const label = `${LABEL}=${randomUUID()}`;
  made.push({ folder, label });
  for (const name of await readdir(folder)) {
    if (!name.endsWith('Dockerfile')) continue;
    const file = path.join(folder, name);
    const text = (await readFile(file, 'utf8')).replace(/^ARG NODE_IMAGE=.*$/m, `ARG NODE_IMAGE=${BASE}`);
    await writeFile(file, text.replace(/^FROM .*$/m, `$&\nLABEL ${label}`));
  }
  return { folder, label };
}

/** A server as a program: `answer` is the body of its request listener, `rest` follows. */
export function server(answer: string, rest = ''): string {
  return `
    import { createServer } from 'node:http';
    import { setTimeout as sleep } from 'node:timers/promises';
    let stopping = false;
    const server = createServer(async (request, response) => {
      if (stopping) response.setHeader('Connection', 'close');
      ${answer}
    });
    const drain = () => { stopping = true; server.close(() => process.exit(0)); };
    server.listen(3000);
    ${rest}
  `;
}

/** The Dockerfile of such a server; `more` goes before its CMD. */
export function dockerfile(...more: readonly string[]): string {
  return [`FROM ${BASE}`, 'WORKDIR /app', 'COPY *.mjs ./', ...more, 'CMD ["node", "server.mjs"]', ''].join('\n');
}

/** Containers of an app, running or not, those of its build included. */
export async function containersOf({ label }: App): Promise<readonly Docker.ContainerInfo[]> {
  return await docker.listContainers({ all: true, filters: { label: [label] } });
}

export async function imageOf({ label }: App): Promise<Docker.Image> {
  const [image] = await docker.listImages({ filters: { label: [label, 'shutdown-check.build'] } });
  if (image === undefined) throw new Error(`no image has ${label}`);
  return docker.getImage(image.Id);
}

/** Removes the folders, and everything on the engine that carries the label of one of the apps. */
export async function cleanUp(): Promise<void> {
  for (const { folder, label } of made.splice(0)) {
    await rm(folder, { recursive: true, force: true });
    if (label === '') continue;
    for (const { Id } of await containersOf({ folder, label })) {
      await docker.getContainer(Id).remove({ force: true, v: true }).catch(gone);
    }
    // An image takes the untagged ones that it was built upon along.
    for (const { Id } of await docker.listImages({ filters: { label: [label] } })) {
      await docker.getImage(Id).remove({ force: true }).catch(gone);
    }
  }
}

/** What was to be removed went by itself. */
function gone(): void {}
