import { type Place, fromRoot } from './place.ts';
import { harmlessLines } from './text.ts';

/** GitHub shows so many of each level for a step. */
const MOST_OF_A_LEVEL = 10;

const LEVELS = ['error', 'warning', 'notice'] as const;

/** What GitHub shows in a job's log, in its summary and, with a place, at that line of a pull request. */
export interface Annotation {
  readonly level: (typeof LEVELS)[number];
  readonly title: string;
  readonly message: string;
  readonly place: (Place & { readonly column?: number }) | null;
}

/**
 * Workflow commands, one a line: of each level as many as GitHub shows, in the order given.
 *
 * Their form: GitHub's "Workflow commands for GitHub Actions"; its runner takes apart what is escaped here.
 */
export function workflowCommands(annotations: readonly Annotation[], folder?: string): string {
  const shown = LEVELS.flatMap((level) => annotations.filter((one) => one.level === level).slice(0, MOST_OF_A_LEVEL));
  return shown.map((one) => `${commandOf(one, folder)}\n`).join('');
}

function commandOf({ level, title, message, place }: Annotation, folder: string | undefined): string {
  const at = place === null ? {} : { file: fromRoot(place.file, folder), line: place.line, col: place.column };
  const properties = Object.entries({ ...at, title })
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name}=${asProperty(String(value))}`);
  return `::${level} ${properties.join(',')}::${asData(message)}`;
}

function asData(text: string): string {
  return harmlessLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function asProperty(text: string): string {
  return asData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
