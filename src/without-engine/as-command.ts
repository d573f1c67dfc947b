import { parseInstructions, type Instruction } from '../image/dockerfile.ts';
import { readEffective, type EffectiveImage } from '../image/effective.ts';
import { startWords } from '../image/start-words.ts';
import { COMMON_CHECKS } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import type { CommonOptions, ExecOptions, RunOptions } from '../plan/options.ts';
import { BASE_IMAGES } from '../samples.ts';
import { environmentOf, exposedPort, guardedProgram, type Program, whatOnlyImageHas } from './instructions.ts';

/** A Dockerfile, and the folder it lies in, which is its build context. */
export interface Sample {
  readonly dockerfile: string;
  /** Absolute path. */
  readonly folder: string;
  /** Names of the plain files in it. */
  readonly files: readonly string[];
}

/** What a run of an image comes down to: a command of this machine, or more than that. */
export type AsCommand =
  | {
      readonly kind: 'command';
      readonly options: ExecOptions;
      readonly image: EffectiveImage;
      /** What the Dockerfile adds to its base image where that does not have it. */
      readonly adds: readonly Program[];
    }
  /** `because` is a clause of its own: "it has a memory limit". */
  | { readonly kind: 'image'; readonly because: string };

type ImageOption = Exclude<keyof RunOptions, keyof CommonOptions | 'target' | 'attach'>;

/** What only an image or a container has, and what a run that is given it is about. */
const IMAGE_OPTIONS: Readonly<Record<ImageOption, string>> = {
  manifest: 'a manifest says how it is run',
  container: 'a manifest says how it is run',
  build: 'a manifest says how it is run',
  image: 'its target is an image',
  service: 'it is a service of a compose file',
  all: 'it is all services of a compose file',
  sidecars: 'it has sidecars',
  context: 'it has a build context of its own',
  buildArgs: 'it has build arguments',
  buildTarget: 'it builds one stage of several',
  platform: 'it asks for a platform',
  pull: 'it says when to pull',
  memoryBytes: 'it has a memory limit',
  cpus: 'it has a limit of processors',
  user: 'it has a user of its own',
  workingDir: 'it has a working directory of its own',
  entrypoint: 'it replaces the entrypoint',
  command: 'it replaces the command',
  network: 'it is in a network of the engine’s',
  volumes: 'it has volumes',
  healthcheck: 'it has a health check of its own',
};

/**
 * What a container of this Dockerfile would run, as a command of this machine: where all that the image has besides Node
 * are files of the same folder under their own names, and programs that may be installed here too.
 */
export function asCommand(options: RunOptions, sample: Sample): AsCommand {
  const image = readEffective(sample.dockerfile, 'Dockerfile', { buildTarget: null, buildArgs: {} });
  const instructions = parseInstructions(sample.dockerfile);
  const stage = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM') + 1);
  const because =
    whyByOptions(options) ??
    whyByBase(image, instructions) ??
    whyByContent(whatOnlyImageHas(stage, image, sample.files)) ??
    whyByStart(image, stage);
  if (because !== null) return { kind: 'image', because };
  return {
    kind: 'command',
    options: execOptions(options, image, stage, sample.folder),
    image,
    adds: stage.flatMap((instruction) => guardedProgram(instruction) ?? []),
  };
}

function whyByOptions(options: RunOptions): string | null {
  const isGiven = (key: string): boolean => ![undefined, false].includes(options[key as ImageOption] as never);
  return Object.entries(IMAGE_OPTIONS).find(([key]) => isGiven(key))?.[1] ?? null;
}

function whyByBase({ base }: EffectiveImage, instructions: readonly Instruction[]): string | null {
  if (base.reference === 'scratch') return 'its image is made from scratch';
  const brought = instructions.map(guardedProgram).find((program) => program !== null);
  if (base.reference !== BASE_IMAGES.NODE_IMAGE)
    return brought ? `its image brings Debian’s ${brought.name}` : `its base image is ${base.text}`;
  return instructions.filter(({ keyword }) => keyword === 'FROM').length > 1
    ? 'its image is built in several stages'
    : null;
}

function whyByContent(instruction: string | null): string | null {
  return instruction === null ? null : `its Dockerfile has \`${instruction}\``;
}

function whyByStart(image: EffectiveImage, stage: readonly Instruction[]): string | null {
  const words = startWords(image).map(({ text }) => text);
  if (words.length === 0) return 'its command is the base image’s';
  const isKnown = environmentOf(stage) !== null && image.stopSignal?.signal !== null;
  if (!isKnown) return 'it takes a variable of its base image’s';
  const inside = words.find((word) => image.workdir !== '/' && word.includes(`${image.workdir}/`));
  return inside === undefined ? null : `its command names ${inside}`;
}

function execOptions(
  options: RunOptions,
  image: EffectiveImage,
  stage: readonly Instruction[],
  directory: string,
): ExecOptions {
  const isCommon = ([key]: readonly [string, unknown]): boolean => Object.hasOwn(COMMON_CHECKS, key);
  const common = Object.fromEntries(Object.entries(options).filter(isCommon)) as CommonOptions;
  const stopSignal = common.stopSignal ?? image.stopSignal?.signal ?? null;
  const port = common.load === 'none' ? null : (common.port ?? exposedPort(stage));
  return {
    ...common,
    // A command's own default is shorter; one that is stopped while it starts has none.
    ...((common.when ?? 'ready') === 'ready' ? { warmupMs: common.warmupMs ?? DEFAULTS.warmupMs } : {}),
    env: { ...environmentOf(stage), ...common.env },
    ...(stopSignal === null ? {} : { stopSignal }),
    ...(port === null ? {} : { port }),
    command: startWords(image).map(({ text }) => text),
    directory,
  };
}
