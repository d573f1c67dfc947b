import { type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CannotRunError } from '../errors.ts';
import type { RunOptions } from './options.ts';
import type { ImageSource } from './plan.ts';

/** As the engine takes it: lower-case path components, an optional registry, tag and digest. */
const REFERENCE =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._-]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._-]|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
const LOOKS_LIKE_PATH = /^(?:\.{0,2}\/|\.{1,2}$|~)|(?:^|\/)(?:Dockerfile(?:\.[^/:]+)?|[^/:]+\.Dockerfile)$/i;

/** Whose target it is, for the next step that a refusal names. */
type Command = 'run' | 'lint';

/** Options of a run that has a target. */
export type WithTarget = RunOptions & { readonly target: string };

/**
 * Decides what `target` is: a Dockerfile, a folder with one, or an image reference. An existing path wins.
 * @throws CannotRunError where nothing of that name can be meant.
 */
export async function resolveImage(options: WithTarget): Promise<ImageSource> {
  const found = options.image ? null : await statOf(options.target);
  if (found) return buildSource(options, await dockerfileOf(options.target, found, 'run'));
  if (options.build !== undefined) throw notThere(options.build, 'Name an existing Dockerfile, or a folder with one.');
  if (!options.image && LOOKS_LIKE_PATH.test(options.target)) {
    throw notThere(options.target, 'Name an existing Dockerfile or folder; for an image of that name add --image.');
  }
  return imageSource(options);
}

/**
 * The Dockerfile that `target` is or has in it, and its build context.
 * @throws CannotRunError where there is none.
 */
export async function resolveDockerfile({
  target,
  context,
}: Pick<WithTarget, 'target' | 'context'>): Promise<{ readonly dockerfile: string; readonly context: string }> {
  const found = await statOf(target);
  if (!found) throw notThere(target, 'Name an existing Dockerfile, or a folder with one.');
  const dockerfile = await dockerfileOf(target, found, 'lint');
  return { dockerfile, context: await contextOf(context, dockerfile) };
}

async function contextOf(given: string | undefined, dockerfile: string): Promise<string> {
  const context = resolve(given ?? dirname(dockerfile));
  if ((await statOf(context))?.isDirectory()) return context;
  throw new CannotRunError(`The build context (--context) ${context} is not a folder.`, {
    nextStep: `Leave --context out to use the Dockerfile's own folder, ${dirname(dockerfile)}`,
  });
}

async function buildSource(options: WithTarget, dockerfile: string): Promise<ImageSource> {
  return {
    kind: 'build',
    reference: options.target,
    dockerfile,
    context: await contextOf(options.context, dockerfile),
    buildArgs: options.buildArgs ?? {},
    buildTarget: options.buildTarget ?? null,
    platform: options.platform ?? null,
    pull: options.pull ?? 'missing',
  };
}

function imageSource(options: WithTarget): ImageSource {
  const { target, platform = null, pull = 'missing' } = options;
  if (!REFERENCE.test(target) && !IMAGE_ID.test(target)) {
    if (options.manifest !== undefined) throw noReference(target, options.manifest);
    throw new CannotRunError(`"${target}" is neither an existing path nor a valid image reference.`, {
      nextStep:
        'Name a Dockerfile, a folder with one, or an image such as nginx:1.29 or registry.example.com/team/app:1.2',
    });
  }
  const buildOnly = BUILD_ONLY.find(([key]) => options[key] !== undefined)?.[1];
  if (buildOnly) {
    throw new CannotRunError(`"${target}" is taken as an image, and ${buildOnly} is for building one.`, {
      nextStep:
        options.manifest === undefined
          ? 'Name a Dockerfile or its folder to build it.'
          : "Name a Dockerfile or its folder to build in the image's place: --build PATH",
    });
  }
  return { kind: 'image', reference: target, platform, pull };
}

function noReference(image: string, manifest: string): CannotRunError {
  return new CannotRunError(`"${image}" in ${manifest} is no image reference.`, {
    nextStep: [
      'If it is to be filled in, do that first, with helm template, kubectl kustomize or envsubst.',
      'Or build what it stands for from its Dockerfile: --build PATH',
    ].join('\n'),
  });
}

/** Options that make no sense for an image that is there already, and their flags. */
const BUILD_ONLY = [
  ['context', '--context'],
  ['buildArgs', '--build-arg'],
  ['buildTarget', '--build-target'],
] as const;

async function dockerfileOf(target: string, found: Stats, command: Command): Promise<string> {
  if (found.isFile()) return resolve(target);
  const dockerfile = resolve(target, 'Dockerfile');
  if (!found.isDirectory() || !(await statOf(dockerfile))?.isFile()) throw await noDockerfile(target, command);
  return dockerfile;
}

async function noDockerfile(folder: string, command: Command): Promise<CannotRunError> {
  const names = await readdir(folder).catch(() => []);
  const compose = names.find((name) => /^(?:docker-)?compose\.ya?ml$/.test(name));
  const alike = names.filter((name) => /dockerfile|containerfile/i.test(name)).toSorted();
  const list = alike.map((name) => join(folder, name));
  return new CannotRunError(`There is no Dockerfile in ${folder === '.' ? 'this folder' : `the folder ${folder}`}.`, {
    detail: list.length > 0 ? ['Files that look like one:', ...list] : [],
    nextStep:
      compose !== undefined && command === 'run'
        ? `Name the compose file: shutdown-check run ${join(folder, compose)}`
        : list[0] === undefined
          ? nextStepWithout(folder, command)
          : `Name the file: shutdown-check ${command} ${list[0]}`,
  });
}

function nextStepWithout(folder: string, command: Command): string {
  return command === 'lint'
    ? 'Name the Dockerfile itself.'
    : `Name the Dockerfile itself, or add --image if ${folder} is an image.`;
}

function notThere(target: string, nextStep: string): CannotRunError {
  return new CannotRunError(`${target} does not exist (looked in ${process.cwd()}).`, { nextStep });
}

async function statOf(path: string): Promise<Stats | null> {
  return stat(path).catch(() => null);
}
