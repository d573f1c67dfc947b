import path from 'node:path';
import { argumentOf, jsonWords } from './command-line.ts';
import type { Instruction } from './dockerfile.ts';
import { expand, type Variables } from './variables.ts';

/** A COPY or an ADD. */
export interface Copy {
  readonly line: number;
  /** `--from`; null: the build context. */
  readonly from: string | null;
  /** The copies of that stage of the same Dockerfile; null where `from` names none. */
  readonly stage: readonly Copy[] | null;
  /** As written; in the build context, a folder's content counts and not the folder. */
  readonly sources: readonly string[];
  /** Absolute; with a slash at its end where it surely is a folder. */
  readonly destination: string;
}

/** Where in the build context a file of the image may come from. */
export type Origin =
  | { readonly kind: 'context'; readonly candidates: readonly string[] }
  | { readonly kind: 'elsewhere'; readonly because: string };

/** Reads a COPY or an ADD. A variable that is not known stays as it is written, and then matches no file. */
export function readCopy(
  { source, line }: Instruction,
  workdir: string,
  variables: Variables,
  stageOf: (name: string) => readonly Copy[] | null,
): Copy {
  const { text } = argumentOf(source);
  const [, flags = '', rest = ''] = /^((?:--\S+\s+)*)([^]*)$/.exec(text) ?? [];
  const words = jsonWords(rest)?.map((word) => word.text) ?? rest.split(/\s+/).filter((word) => word !== '');
  const filled = words.map((word) => expand(word, variables) ?? word);
  const destination = filled.at(-1) ?? '.';
  const isFolder = /(^|\/)\.?$/.test(destination) || filled.length > 2;
  const absolute = path.posix.resolve(workdir, destination);
  const from = /--from=(\S+)/.exec(flags)?.[1] ?? null;
  return {
    line,
    from,
    stage: from === null ? null : stageOf(from),
    sources: filled.slice(0, -1),
    destination: isFolder && !absolute.endsWith('/') ? `${absolute}/` : absolute,
  };
}

/**
 * Where a file of the image comes from, by the last COPY or ADD that may have put it there; null where none has. The
 * candidates are paths in the build context, likeliest first: only the context can tell a folder from a file.
 */
export function originOf(imagePath: string, copies: readonly Copy[]): Origin | null {
  const candidates: string[] = [];
  for (const copy of copies.toReversed()) {
    const found = copy.sources.flatMap((source) => candidatesOf(imagePath, source, copy.destination));
    if (found.length === 0) continue;
    const elsewhere = whyElsewhere(copy);
    if (copy.stage !== null) candidates.push(...throughStage(found, copy.stage));
    else if (elsewhere === null) candidates.push(...found);
    if (candidates.length === 0 && elsewhere !== null) return { kind: 'elsewhere', because: elsewhere };
  }
  return candidates.length === 0 ? null : { kind: 'context', candidates };
}

/** Where the build context has what a stage had in these places. */
function throughStage(places: readonly string[], stage: readonly Copy[]): readonly string[] {
  const origins = places.map((place) => originOf(`/${place}`, stage));
  return origins.flatMap((origin) => (origin?.kind === 'context' ? origin.candidates : []));
}

function whyElsewhere({ from, stage, line, sources }: Copy): string | null {
  if (from !== null && stage !== null)
    return `line ${line} copies it from the stage \`${from}\`, which does not have it from the build context`;
  if (from !== null) return `line ${line} copies it from ${from}, not from the build context`;
  if (sources.some((source) => source.startsWith('<<'))) return `line ${line} writes it from a heredoc`;
  return sources.some((source) => /^(https?|git):|^git@/.test(source)) ? `line ${line} downloads it` : null;
}

/** Paths in the context that this source would put at this place in the image. */
function candidatesOf(imagePath: string, source: string, destination: string): readonly string[] {
  const name = path.posix.basename(imagePath);
  const isInside = imagePath.startsWith(folder(destination));
  const inside = isInside ? imagePath.slice(folder(destination).length) : null;
  const clean = path.posix.join('/', source).slice(1);
  const asFile = imagePath === destination ? [clean] : [];
  const asMember = inside === name && matches(path.posix.basename(clean), name);
  const ofFolder = inside !== null && !/[*?]/.test(clean) ? [path.posix.join(clean, inside)] : [];
  return [...asFile, ...(asMember ? [path.posix.join(path.posix.dirname(clean), name)] : []), ...ofFolder];
}

function folder(destination: string): string {
  return destination.endsWith('/') ? destination : `${destination}/`;
}

/** `*.sh`, `start.?h`, or the name itself. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(name);
}
