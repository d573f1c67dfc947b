import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { install, packageSystem } from '../setup/apt.mjs';
import { baseImage } from '../setup/base-image.mjs';

/** The apps that are stopped, each a folder here. */
export const APPS = ['node', 'go', 'http-terminator'] as const;
export type App = (typeof APPS)[number];

/** An image of this run's own; its disposal removes it. */
export interface Image extends AsyncDisposable {
  readonly tag: string;
}

const HERE = path.dirname(fileURLToPath(import.meta.url));
const MODULES = path.join(HERE, '..', '..', 'node_modules');
const execute = promisify(execFile);

/**
 * Builds an app's image, from a folder that holds only what goes into it.
 *
 * @returns null where the app needs Go, which is not here and cannot be installed
 */
export async function buildImage(app: App, abort: AbortSignal): Promise<Image | null> {
  if (app === 'go' && !(await hasGo())) return null;
  const context = await mkdtemp(path.join(tmpdir(), 'shutdown-check-drains-'));
  const tag = `shutdown-check/verify-drains-${app}:${process.pid}`;
  try {
    await cp(path.join(HERE, app), context, { recursive: true });
    await (app === 'go' ? compile(context, abort) : addModules(app, context));
    const buildArg = app === 'go' ? [] : ['--build-arg', `NODE_IMAGE=${await baseImage()}`];
    await execute('docker', ['build', '--quiet', '--tag', tag, ...buildArg, context], { signal: abort });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return { tag, [Symbol.asyncDispose]: () => remove(tag) };
}

async function remove(tag: string): Promise<void> {
  await execute('docker', ['image', 'rm', '--force', tag]);
}

async function hasGo(): Promise<boolean> {
  if (await answers('go', 'version')) return true;
  if (packageSystem() === null) return false;
  await install(['golang-go']);
  return await answers('go', 'version');
}

async function answers(command: string, ...args: readonly string[]): Promise<boolean> {
  return await execute(command, args).then(
    () => true,
    () => false,
  );
}

/** A static binary: there is nothing else in the image. */
async function compile(context: string, abort: AbortSignal): Promise<void> {
  const env = { ...process.env, CGO_ENABLED: '0', GO111MODULE: 'off' };
  await execute('go', ['build', '-trimpath', '-o', 'server', 'main.go'], { cwd: context, env, signal: abort });
}

/** An installed package with all that it depends on, so that the image's build needs no network. */
async function addModules(app: App, context: string): Promise<void> {
  await writeFile(path.join(context, 'package.json'), '{ "type": "module" }\n');
  if (app !== 'http-terminator') return;
  for (const name of await withDependencies(app, new Set())) {
    await cp(path.join(MODULES, name), path.join(context, 'node_modules', name), { recursive: true });
  }
}

async function withDependencies(name: string, seen: Set<string>): Promise<ReadonlySet<string>> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = await readFile(path.join(MODULES, name, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { readonly dependencies?: Readonly<Record<string, string>> };
  for (const dependency of Object.keys(dependencies)) await withDependencies(dependency, seen);
  return seen;
}
