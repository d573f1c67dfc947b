import path from 'node:path';
import { CannotRunError } from '../errors.ts';
import { argumentOf, type CommandLine, jsonWords, readCommandLine } from './command-line.ts';
import { type Copy, readCopy } from './copy.ts';
import { type Instruction, parseInstructions } from './dockerfile.ts';
import { type Place, placeIn } from './place.ts';
import { assignments, expand, type Variables } from './variables.ts';

/** What a Dockerfile makes of an image, as far as it decides how a container starts and stops. */
export interface EffectiveImage {
  readonly file: string;
  /** The image that it all grows out of; `reference` is null where a variable in it is not known. */
  readonly base: { readonly reference: string | null; readonly text: string; readonly place: Place };
  /** null: inherited from the base image, or none. */
  readonly entrypoint: CommandLine | null;
  readonly command: CommandLine | null;
  /** `signal` is null where a variable in it is not known. */
  readonly stopSignal: { readonly signal: string | null; readonly text: string; readonly place: Place } | null;
  /** Absolute; `/` where only the base image knows. */
  readonly workdir: string;
  /** In the order of the file, those of the stages that this one is built on included. */
  readonly copies: readonly Copy[];
}

interface Stage extends EffectiveImage {
  readonly name: string | null;
  readonly shell: readonly string[];
  readonly variables: Variables;
  /** Whether CMD was set in this stage itself. */
  readonly setsCommand: boolean;
}

/** Which stage to build, and with what. */
export interface BuildChoice {
  readonly buildTarget: string | null;
  readonly buildArgs: Variables;
}

/** Source: Dockerfile reference, SHELL. */
const DEFAULT_SHELL = ['/bin/sh', '-c'];

/**
 * Follows a Dockerfile to the stage that is built. ONBUILD is for images built on this one, and a HEALTHCHECK's CMD is
 * no CMD: both count for nothing here.
 * @throws CannotRunError where it has no FROM, or no such stage.
 */
export function readEffective(
  dockerfile: string,
  file: string,
  { buildTarget, buildArgs }: BuildChoice,
): EffectiveImage {
  const instructions = parseInstructions(dockerfile);
  const stages: Stage[] = [];
  let globals: Variables = {};
  for (const instruction of instructions) {
    const { keyword } = instruction;
    const current = stages.at(-1);
    if (keyword === 'FROM') stages.push(openStage(instruction, file, stages, globals));
    else if (current) stages[stages.length - 1] = applied(current, instruction, file, { globals, buildArgs, stages });
    else if (keyword === 'ARG') globals = withArg(globals, instruction, {}, buildArgs);
  }
  if (stages.length === 0) throw noStage(file, instructions);
  return chosen(stages, buildTarget, file);
}

function noStage(file: string, instructions: readonly Instruction[]): CannotRunError {
  const [first] = instructions;
  return first === undefined
    ? new CannotRunError(`${file} is empty.`, { nextStep: 'A Dockerfile begins with FROM and the base image.' })
    : new CannotRunError(`${file} has no FROM, so it is no Dockerfile that could be built.`, {
        detail: [`line ${first.line}: ${first.text.slice(0, 80)}`],
        nextStep: 'A Dockerfile begins with FROM and the base image. Name another file?',
      });
}

/** The last stage, or the named one. */
function chosen(stages: readonly Stage[], buildTarget: string | null, file: string): Stage {
  const found = buildTarget === null ? stages.at(-1) : stageNamed(buildTarget, stages);
  if (found) return found;
  const names = stages.flatMap(({ name }) => name ?? []);
  throw new CannotRunError(`${file} has no stage "${buildTarget}".`, {
    nextStep:
      names.length === 0 ? 'Its stages have no names: leave --build-target out.' : `It has: ${names.join(', ')}.`,
  });
}

/** By name in any case, else by number. */
function stageNamed(wanted: string, stages: readonly Stage[]): Stage | undefined {
  return stages.findLast(({ name }) => name === wanted.toLowerCase()) ?? stages[Number(wanted)];
}

function openStage({ source }: Instruction, file: string, stages: readonly Stage[], globals: Variables): Stage {
  const { text, textAt } = argumentOf(source);
  const [, flags = '', image = '', name] = /^((?:--\S+\s+)*)(\S+)(?:\s+as\s+(\S+))?/i.exec(text) ?? [];
  const reference = expand(image, globals);
  const parent = stages.findLast((stage) => stage.name !== null && stage.name === reference?.toLowerCase());
  const fresh: Stage = {
    file,
    name: null,
    base: { reference, text: image, place: placeIn(source, textAt + flags.length, file) },
    entrypoint: null,
    command: null,
    stopSignal: null,
    workdir: '/',
    copies: [],
    shell: DEFAULT_SHELL,
    variables: {},
    setsCommand: false,
  };
  return { ...(parent ?? fresh), name: name?.toLowerCase() ?? null, setsCommand: false };
}

/** What stands before a stage, or is given from outside. */
interface Around {
  readonly globals: Variables;
  readonly buildArgs: Variables;
  readonly stages: readonly Stage[];
}

function applied(stage: Stage, instruction: Instruction, file: string, around: Around): Stage {
  const { keyword, source } = instruction;
  const { text, textAt } = argumentOf(source);
  switch (keyword) {
    case 'CMD':
      return { ...stage, command: readCommandLine(instruction, file, stage.shell), setsCommand: true };
    case 'ENTRYPOINT': {
      // It takes away a CMD that was inherited. Source: Dockerfile reference, CMD and ENTRYPOINT together.
      const command = stage.setsCommand ? stage.command : null;
      return { ...stage, entrypoint: readCommandLine(instruction, file, stage.shell), command };
    }
    case 'SHELL':
      return { ...stage, shell: jsonWords(text)?.map((word) => word.text) ?? stage.shell };
    case 'STOPSIGNAL': {
      const signal = expand(text, stage.variables);
      return { ...stage, stopSignal: { signal, text, place: placeIn(source, textAt, file) } };
    }
    case 'WORKDIR':
      return { ...stage, workdir: path.posix.resolve(stage.workdir, expand(unquoted(text), stage.variables) ?? text) };
    case 'COPY':
    case 'ADD':
      return {
        ...stage,
        copies: [
          ...stage.copies,
          readCopy(
            instruction,
            stage.workdir,
            stage.variables,
            (name) => stageNamed(name, around.stages)?.copies ?? null,
          ),
        ],
      };
    case 'ENV':
      return { ...stage, variables: { ...stage.variables, ...known(text, stage.variables) } };
    case 'ARG':
      return { ...stage, variables: withArg(stage.variables, instruction, around.globals, around.buildArgs) };
    default:
      return stage;
  }
}

/** `ARG NAME=default`, `ARG NAME`: a build argument goes before the default, and that before a global one's. */
function withArg(variables: Variables, { source }: Instruction, globals: Variables, buildArgs: Variables): Variables {
  const { text } = argumentOf(source);
  const names = [...text.matchAll(/(?:^|\s)(\w+)(?==|\s|$)/g)].map(([, name = '']) => name);
  const defaults = known(text, variables);
  const values = names.flatMap((name) => {
    const value = buildArgs[name] ?? defaults[name] ?? globals[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...variables, ...Object.fromEntries(values) };
}

function known(text: string, variables: Variables): Variables {
  const values = assignments(text).map(([name, value]) => [name, expand(value, variables)] as const);
  return Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2');
}
