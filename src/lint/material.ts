import { baseName } from '../diagnosis/processes.ts';
import type { CommandLine } from '../image/command-line.ts';
import { oneLine } from '../image/dockerfile.ts';
import type { EffectiveImage } from '../image/effective.ts';
import type { Place, PlacedWord } from '../image/place.ts';
import type { KnownBase } from './base-image.ts';
import type { LintCode, LintFinding } from './finding.ts';
import type { Step } from './launch.ts';
import type { PackageScripts } from './package-manager.ts';
import { LINT_WORDS } from './words.ts';

/** All that the rules look at. */
export interface Material {
  readonly image: EffectiveImage;
  readonly base: KnownBase;
  /** From PID 1 on. */
  readonly steps: readonly Step[];
  /** null where there is no package.json beside the app. */
  readonly scripts: PackageScripts | null;
}

/** One thing to look for; pure. */
export type Rule = (material: Material) => readonly LintFinding[];
type ArgsOf<Code extends LintCode> = Parameters<(typeof LINT_WORDS)[Code]>[0];

/** Makes a finding: its sentences come from its code and its arguments alone. */
export function say<Code extends LintCode>(
  severity: LintFinding['severity'],
  code: Code,
  { file, line, column }: Place,
  args: ArgsOf<Code>,
): LintFinding {
  const words = LINT_WORDS[code] as (given: ArgsOf<Code>) => Pick<LintFinding, 'message' | 'advice' | 'couldNotKnow'>;
  return { code, severity, file, line, column, ...words(args), args: { ...args } };
}

/** The program at the end, where lint could follow so far. */
export function programOf(
  steps: readonly Step[],
): { readonly words: readonly PlacedWord[]; readonly first: PlacedWord } | null {
  const last = steps.at(-1);
  const first = last?.kind === 'program' ? last.words[0] : undefined;
  return last?.kind === 'program' && first ? { words: last.words, first } : null;
}

/** The init in front of a step, by its name. */
export function initBefore(steps: readonly Step[], index: number): string | null {
  return foundInit(steps.slice(0, index))?.name ?? null;
}

/** The first init among steps, and whom it signals; null where there is none. */
export function foundInit(steps: readonly Step[]): { readonly name: string; readonly toGroup: boolean } | null {
  const found = steps.find((step) => step.kind === 'init');
  return found?.kind === 'init' ? { name: baseName(found.word.text), toGroup: found.toGroup } : null;
}

/** An instruction on one line, as it is quoted. */
export function writtenOf({ keyword, text }: CommandLine): string {
  return `${keyword} ${oneLine(text)}`;
}

/** The base image, as far as its name is known. */
export function nameOf({ base }: EffectiveImage): string {
  return base.reference ?? base.text;
}

/** Words on one line, as they are quoted. */
export function textOf(words: readonly PlacedWord[]): string {
  return words.map(({ text }) => text).join(' ');
}
