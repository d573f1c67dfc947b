import { readFile } from 'node:fs/promises';
import { CannotRunError, messageOf } from '../errors.ts';
import { readEffective } from '../image/effective.ts';
import { shownPath } from '../image/shown-path.ts';
import { resolveDockerfile } from '../plan/image-source.ts';
import { knownBase } from './base-image.ts';
import { filesOf, type ImageFiles } from './context.ts';
import type { LintFinding } from './finding.ts';
import { followLaunch } from './launch.ts';
import { type PackageScripts, parseScripts } from './package-manager.ts';
import { judge } from './rules.ts';

/** What `lint` takes. */
export interface LintOptions {
  /** A Dockerfile, or a folder with one. */
  readonly target: string;
  /** Build context; the Dockerfile's own folder where left out. */
  readonly context?: string;
  readonly buildTarget?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

/** A finding, and the line of the file that it is about. */
export interface ShownFinding extends LintFinding {
  readonly excerpt: string;
}

/** What is saved with `--json`, and what the text is made from. */
export interface LintResult {
  readonly schemaVersion: 1;
  readonly dockerfile: string;
  readonly findings: readonly ShownFinding[];
}

/**
 * Tells of a Dockerfile what can be told without running it. Reads files only.
 * @throws CannotRunError where there is no such Dockerfile, or none that could be built.
 */
export async function lint(options: LintOptions): Promise<LintResult> {
  const { dockerfile, context } = await resolveDockerfile(options);
  const file = shownPath(dockerfile);
  const text = await readFile(dockerfile, 'utf8').catch((cause: unknown) => {
    throw new CannotRunError(`The Dockerfile cannot be read: ${messageOf(cause)}`, { cause });
  });
  const image = readEffective(text, file, {
    buildTarget: options.buildTarget ?? null,
    buildArgs: options.buildArgs ?? {},
  });
  const files = filesOf(image, shownPath(context));
  const [steps, scripts] = await Promise.all([followLaunch(image, files), packageScripts(files)]);
  const findings = judge({ image, base: knownBase(image.base.reference), steps, scripts });
  const scriptTexts = steps.flatMap((step) => (step.kind === 'script' ? [[step.file, step.text] as const] : []));
  const texts = new Map([[file, text], ...scriptTexts]);
  const shown = findings.map((one) => ({ ...one, excerpt: lineOf(texts.get(one.file) ?? '', one.line) }));
  return { schemaVersion: 1, dockerfile: file, findings: shown };
}

async function packageScripts(files: ImageFiles): Promise<PackageScripts | null> {
  const found = await files.beside('package.json');
  return found.kind === 'text' ? parseScripts(found.text) : null;
}

function lineOf(text: string, line: number): string {
  return text.split(/\r?\n/)[line - 1] ?? '';
}
