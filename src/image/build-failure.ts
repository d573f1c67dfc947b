import { CannotRunError } from '../errors.ts';
import { oneLine, parseInstructions, type Instruction } from './dockerfile.ts';

/** How many of the builder's last lines are shown. */
const DETAIL_LINES = 15;
/** The CLI's advertisement for buildx, at the head of every build without it, and BuildKit's digests of its steps. */
const NOISE =
  /^DEPRECATED: The legacy builder|^ +Install the buildx component|^ +https:\/\/docs\.docker\.com\/go\/buildx|^#\d+ sha256:[0-9a-f]{64}$/;

/** The Dockerfile that was built. */
export interface DockerfileText {
  /** As it is shown to the reader. */
  readonly path: string;
  readonly text: string;
}

/**
 * Turns a failed build into words: which line of the Dockerfile it failed at, its instruction, and the builder's last
 * lines. Understands the legacy builder (`Step 2/3 : RUN make`) and BuildKit (` > [build 2/3] RUN make:`,
 * `Dockerfile:12`), and the parse errors of both.
 *
 * @param output the builder's lines, oldest first, stdout and stderr together
 */
export function buildFailure(output: readonly string[], dockerfile: DockerfileText): CannotRunError {
  const instructions = parseInstructions(dockerfile.text);
  const line = failingLine(output, instructions);
  const instruction = instructions.find(
    (candidate) => candidate.line <= (line ?? 0) && (line ?? 0) <= candidate.endLine,
  );
  const at = line === null ? dockerfile.path : `${dockerfile.path}:${instruction?.line ?? line}`;
  const what = instruction === undefined ? '.' : `: ${instruction.text}`;
  const nextStep = nextStepFor(output, instruction);
  return new CannotRunError(`${at} does not build${what}`, {
    detail: output.filter((text) => text.trim() !== '' && !NOISE.test(text)).slice(-DETAIL_LINES),
    ...(nextStep === null ? {} : { nextStep }),
  });
}

function failingLine(output: readonly string[], instructions: readonly Instruction[]): number | null {
  return (
    lineOfParseError(output) ??
    lineOfBuildKitExcerpt(output) ??
    lineOfBuildKitStep(output, instructions) ??
    lineOfBaseImage(output, instructions) ??
    lineOfLegacyStep(output, instructions)
  );
}

/** `dockerfile parse error on line 3: unknown instruction: FRM`; older: `Dockerfile parse error line 3: …`. */
function lineOfParseError(output: readonly string[]): number | null {
  const match = lastMatch(output, /parse error (?:on )?line (\d+)/i);
  return match === null ? null : Number(match[1]);
}

/** BuildKit from 0.9 on shows the place: `Dockerfile:12` above an excerpt between two rules. */
function lineOfBuildKitExcerpt(output: readonly string[]): number | null {
  const at = output.findLastIndex((line, index) => /^\S.*:\d+$/.test(line) && /^-{10,}$/.test(output[index + 1] ?? ''));
  return at < 0 ? null : Number(/\d+$/.exec(output[at] ?? '')?.[0]);
}

/** Older BuildKit names the step alone: ` > [build 2/3] RUN make:` under a rule. */
function lineOfBuildKitStep(output: readonly string[], instructions: readonly Instruction[]): number | null {
  const match = lastMatch(output, /^ > (?:\[(?:(\S+) )?(\d+)\/\d+\] )(.+?):?$/);
  if (match === null) return null;
  const [, stage, step, text = ''] = match;
  // By its text first: counting goes wrong where a stage grows out of another.
  const byText = instructions.find((candidate) => candidate.text === oneLine(text));
  return byText?.line ?? layersOf(stage ?? null, instructions)[Number(step) - 1]?.line ?? null;
}

/**
 * Instructions of a stage that BuildKit counts: those that make a layer, so neither `FROM scratch` nor a FROM of an
 * earlier stage. A stage without a name is called `stage-N`, a single one nothing.
 */
function layersOf(stage: string | null, instructions: readonly Instruction[]): readonly Instruction[] {
  const names: string[] = [];
  return instructions.filter(({ keyword, text }) => {
    const isInside = (): boolean => stage === null || names.at(-1) === stage;
    if (keyword !== 'FROM') return isInside() && ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(keyword);
    const base = baseOf(text);
    const makesLayer = base !== 'scratch' && !names.includes(base);
    names.push(/ AS (\S+)$/i.exec(text)?.[1]?.toLowerCase() ?? `stage-${names.length}`);
    return makesLayer && isInside();
  });
}

/** ` > [internal] load metadata for docker.io/library/node:99:`: BuildKit could not have a base image. */
function lineOfBaseImage(output: readonly string[], instructions: readonly Instruction[]): number | null {
  const full = lastMatch(output, /^ > \[internal\] load metadata for (\S+):$/)?.[1];
  if (full === undefined) return null;
  const isIt = (base: string): boolean => full.endsWith(base) || full.endsWith(`${base}:latest`);
  return instructions.find(({ keyword, text }) => keyword === 'FROM' && isIt(baseOf(text)))?.line ?? null;
}

/** `node:24` of `FROM --platform=linux/amd64 node:24 AS build`. */
function baseOf(from: string): string {
  return from.split(' ').find((word, at) => at > 0 && !word.startsWith('--')) ?? '';
}

/** The legacy builder counts every instruction, an ARG before the first FROM included. */
function lineOfLegacyStep(output: readonly string[], instructions: readonly Instruction[]): number | null {
  const match = lastMatch(output, /^Step (\d+)\/\d+ : (\S+)/);
  const instruction = match === null ? undefined : instructions[Number(match[1]) - 1];
  return instruction?.keyword === match?.[2]?.toUpperCase() ? (instruction?.line ?? null) : null;
}

function lastMatch(output: readonly string[], pattern: RegExp): RegExpExecArray | null {
  const line = output.findLast((candidate) => pattern.test(candidate));
  return line === undefined ? null : pattern.exec(line);
}

function nextStepFor(output: readonly string[], instruction: Instruction | undefined): string | null {
  if (output.some((line) => /requires BuildKit|buildx component is missing/i.test(line))) {
    return 'This Dockerfile needs BuildKit: install the docker CLI with its buildx plugin (package docker-buildx).';
  }
  if (instruction?.keyword === 'FROM') {
    return 'The base image cannot be had: check its name, `docker login` to its registry, or build it first.';
  }
  return null;
}
