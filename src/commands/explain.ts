import { CAUSES, CONSEQUENCES, ROLLOUT_CODES } from '../diagnosis/finding.ts';
import { CannotRunError } from '../errors.ts';
import { LINT_CODES } from '../lint/finding.ts';
import { lintPageOf, pageOf, summaryOf } from '../pages.ts';
import { nearest } from '../plan/nearest.ts';
import { type Look, heading } from '../report/look.ts';
import { renderPage } from '../report/page-text.ts';
import { paragraph } from '../report/text.ts';
import { helpHint, parseArguments } from './arguments.ts';
import type { Ending } from './command.ts';
import { fill, type Flag } from './flag.ts';
import { flagHelp } from './help.ts';
import { lookOf } from './output.ts';

interface Choices {
  readonly color: boolean;
}

/** Every flag of `explain`. */
export const EXPLAIN_FLAGS: readonly Flag<Choices>[] = [
  {
    name: 'no-color',
    value: null,
    group: 'Output',
    help: 'Plain text. The variable NO_COLOR does the same.',
    read: () => ({ color: false }),
  },
];

const HELP = `Usage: shutdown-check explain [CODE] [flags]

Explains a code of a report: what happened, how it is told from what looks like
it, what to change, how to see it yourself, and how sure it is. Without a code
it lists all of them.

Examples:
  shutdown-check explain
  shutdown-check explain SHELL_IS_PID1
  shutdown-check explain shell_form            a code of lint's

${flagHelp(EXPLAIN_FLAGS)}
  --help                      This text.

Exit codes:
  0    explained
  2    there is no such code, or bad usage
`;

const GROUPS = [
  { title: 'Causes: why it lost something, at most one a run', codes: CAUSES },
  { title: 'What followed, and what a run is worth', codes: CONSEQUENCES },
  { title: 'What users saw of a roll-out', codes: ROLLOUT_CODES },
] as const;

const CODES: readonly string[] = [...GROUPS.flatMap(({ codes }) => codes), ...LINT_CODES];

/**
 * `shutdown-check explain`.
 * @throws CannotRunError for bad usage, and for a code that there is not.
 */
export async function explainCommand(args: readonly string[]): Promise<Ending> {
  const { values, positionals, rest, help } = parseArguments(args, EXPLAIN_FLAGS, 'explain');
  if (help) {
    process.stdout.write(HELP);
    return { kind: 'told' };
  }
  const look = lookOf(process.stdout, await fill<Choices>(EXPLAIN_FLAGS, values, { color: true }));
  const words = [...positionals, ...(rest ?? [])];
  process.stdout.write(words.length === 0 ? listOf(look) : words.map((word) => explained(word, look)).join('\n'));
  return { kind: 'told' };
}

/** `shell-is-pid1` is taken for SHELL_IS_PID1. */
function explained(word: string, look: Look): string {
  const code = word.toUpperCase().replaceAll('-', '_');
  const page = pageOf(code) ?? lintPageOf(code);
  if (page !== null) return renderPage(page, look);
  const meant = nearest(code, CODES);
  throw new CannotRunError(`There is no code ${word}.${meant === null ? '' : ` Did you mean ${meant}?`}`, {
    nextStep: `For all of them: shutdown-check explain\n${helpHint('explain')}`,
  });
}

function listOf(look: Look): string {
  const width = Math.max(...CODES.map(({ length }) => length)) + 4;
  const groups = GROUPS.map(({ title, codes }) => {
    const lines = codes.map((code) => paragraph(summaryOf(code) ?? '', look.width, `  ${code}`.padEnd(width)));
    return [heading(look, title), ...lines].join('\n');
  });
  const lint = [heading(look, "Codes of lint's"), paragraph(LINT_CODES.join(', '), look.width, '  ')].join('\n');
  return `${[...groups, lint, 'More of one: shutdown-check explain CODE'].join('\n\n')}\n`;
}
