import { posix } from 'node:path';

import { argumentOf } from '../image/command-line.ts';
import type { Instruction } from '../image/dockerfile.ts';
import type { EffectiveImage } from '../image/effective.ts';
import { assignments, expand } from '../image/variables.ts';

/** A program that an image has, and its major version where that counts. */
export interface Program {
  readonly name: string;
  readonly major: number | null;
}

/** They only say how the command is started. */
const STARTING = new Set(['WORKDIR', 'ENV', 'EXPOSE', 'STOPSIGNAL', 'ENTRYPOINT', 'CMD']);
/** `RUN command -v tini || (apt-get … && …)`, `RUN command -v pnpm || npm install --global pnpm@10`, and nothing after it. */
const GUARD = /^RUN command -v ([\w.+-]+) \|\| (?:\([^()]*\)|[^&|;()]+)$/;
/** As many words of an instruction are shown. */
const SHOWN_WORDS = 3;

/**
 * The first instruction that puts something into the image which the folder beside the Dockerfile does not have, or not
 * under its own name; null where there is none.
 */
export function whatOnlyImageHas(
  stage: readonly Instruction[],
  image: EffectiveImage,
  files: readonly string[],
): string | null {
  const found = stage.find(
    (instruction) =>
      !STARTING.has(instruction.keyword) &&
      guardedProgram(instruction) === null &&
      !copiesBeside(instruction, image, files),
  );
  if (found === undefined) return null;
  const words = found.text.split(' ');
  return words.length > SHOWN_WORDS ? `${words.slice(0, SHOWN_WORDS).join(' ')} …` : found.text;
}

/** What the Dockerfile installs unless the base image has it: `RUN command -v X || install X`. */
export function guardedProgram({ text }: Instruction): Program | null {
  const [, name] = GUARD.exec(text) ?? [];
  if (name === undefined) return null;
  const major = new RegExp(` ${name.replace(/[.+]/g, '\\$&')}@(\\d+)`).exec(text)?.[1];
  return { name, major: major === undefined ? null : Number(major) };
}

/** Whether all it does is to put files of the folder into the working folder, under the names they have. */
function copiesBeside({ keyword, line, text }: Instruction, image: EffectiveImage, files: readonly string[]): boolean {
  const copy = image.copies.find((one) => one.line === line);
  if (keyword !== 'COPY' || copy === undefined || /^COPY --/i.test(text)) return false;
  return copy.sources.every((source) => {
    const name = posix.normalize(source);
    const lands = copy.destination.endsWith('/') ? posix.join(copy.destination, name) : copy.destination;
    return files.includes(name) && lands === posix.join(image.workdir, name);
  });
}

/** What ENV sets; null where it takes a variable that only the base image has. */
export function environmentOf(stage: readonly Instruction[]): Readonly<Record<string, string>> | null {
  let known: Record<string, string> = {};
  for (const { source } of stage.filter(({ keyword }) => keyword === 'ENV')) {
    const values = assignments(argumentOf(source).text).map(([name, value]) => [name, expand(value, known)] as const);
    if (values.some(([, value]) => value === null)) return null;
    known = { ...known, ...(Object.fromEntries(values) as Record<string, string>) };
  }
  return known;
}

/** The only TCP port of EXPOSE; null where there is none, or more. */
export function exposedPort(stage: readonly Instruction[]): number | null {
  const words = stage
    .filter(({ keyword }) => keyword === 'EXPOSE')
    .flatMap(({ source }) => argumentOf(source).text.split(/\s+/));
  const ports = new Set(words.flatMap((word) => /^(\d+)(?:\/tcp)?$/i.exec(word)?.[1] ?? []));
  const [port] = ports;
  return port === undefined || ports.size > 1 ? null : Number(port);
}
