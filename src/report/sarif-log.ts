import { createHash } from 'node:crypto';

import { pageOf } from '../pages.ts';
import { fromRoot, type Place } from './place.ts';
import { harmlessLines } from './text.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Something to mend, as SARIF has it. */
export interface SarifResult {
  readonly code: string;
  readonly severity: keyof typeof LEVELS;
  readonly message: string;
  /** What to do; null where there is nothing. */
  readonly advice: string | null;
  /** What else there is to say of it, a line each. */
  readonly ending?: readonly string[];
  /** What was looked at, as the user named it: the artifact where no file is known. */
  readonly target: string;
  readonly place: (Place & { readonly column?: number }) | null;
  /** What tells it from others of its code in the same file; left out where there can be no other. */
  readonly mark?: string;
}

interface SarifRun {
  readonly version: string;
  /** What is known of the invocation: its times, its exit code. */
  readonly invocation: Readonly<Record<string, unknown>> & { readonly executionSuccessful: boolean };
  readonly results: readonly SarifResult[];
  /** Where the program ran, from the repository's root. */
  readonly folder: string | undefined;
}

/**
 * A log of SARIF 2.1.0 for code scanning, with a rule for each code among the results.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ version, invocation, results, folder }: SarifRun): string {
  const codes = [...new Set(results.map(({ code }) => code))].toSorted();
  const driver = { name: 'shutdown-check', version, semanticVersion: version, rules: codes.map(ruleOf) };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        invocations: [invocation],
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        results: results.map((result) => resultOf(result, codes.indexOf(result.code), folder)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The page of a code is its help; of one without a page nothing is made up. */
function ruleOf(code: string) {
  const page = withoutNeighbours(pageOf(code));
  const [, summary] = page?.split('\n\n') ?? [];
  return {
    id: code,
    name: code.toLowerCase().replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    shortDescription: { text: summary ? summary.replace(/\s+/g, ' ').trim() : inWords(code) },
    ...(page !== null && { help: { text: page, markdown: page } }),
  };
}

/** Links to other pages lead nowhere where this one is shown alone. */
function withoutNeighbours(page: string | null): string | null {
  return page?.replace(/\[([^\]]+)\]\((?![a-z]+:)[^)]+\)/g, '$1') ?? null;
}

/** `SHELL_IS_PID1` as `Shell is pid1`: code scanning shows it as the title. */
function inWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function resultOf(result: SarifResult, ruleIndex: number, folder: string | undefined) {
  const { code, severity, message, advice, ending = [], target, place } = result;
  const text = [message, ...(advice === null ? [] : [`Do: ${advice}`]), ...ending].join('\n');
  return {
    ruleId: code,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: harmlessLines(text.toWellFormed()) },
    locations: [{ physicalLocation: place === null ? withoutFile(target) : inFile(place, folder) }],
    partialFingerprints: { 'shutdownCheck/v1': fingerprintOf(result) },
    properties: { target },
  };
}

function inFile({ file, line, column }: NonNullable<SarifResult['place']>, folder: string | undefined) {
  const shown = fromRoot(file, folder);
  const uri = asUri(shown);
  return {
    artifactLocation: shown.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' },
    ...(line !== null && { region: { startLine: line, ...(column !== undefined && { startColumn: column }) } }),
  };
}

/**
 * An image or a command comes from no file that is known, and naming one would be a guess. Code scanning rejects all of a log
 * in which any result has no artifact, so what was checked is named as that.
 */
function withoutFile(target: string) {
  return {
    artifactLocation: { uri: asUri(target), description: { text: 'What was checked. No file of it is known.' } },
  };
}

function asUri(text: string): string {
  return text.toWellFormed().split('/').map(encodeURIComponent).join('/');
}

/** What stays the same when the figures change: what was found, of what, in which file. Lines move. */
function fingerprintOf({ code, target, place, mark }: SarifResult): string {
  return createHash('sha256')
    .update([code, target, place?.file ?? '', ...(mark === undefined ? [] : [mark])].join('\0'))
    .digest('hex')
    .slice(0, 32);
}
