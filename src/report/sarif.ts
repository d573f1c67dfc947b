import { createHash } from 'node:crypto';

import type { Finding } from '../diagnosis/finding.ts';
import { pageOf } from '../pages.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure } from './cases.ts';
import { type Place, placeOf } from './place.ts';
import type { Saved } from './reporter.ts';
import { harmlessLines } from './text.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** A finding, and what it is about. */
interface Found {
  readonly finding: Finding;
  readonly one: Case;
}

/**
 * SARIF 2.1.0, for code scanning: every finding at the Dockerfile's line where that is known. What is expected of a scenario
 * is no result, for nobody has to mend it.
 *
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReporter({ result }: Saved): string {
  const found = casesOf(result)
    .filter(({ asExpected }) => asExpected !== true)
    .flatMap((one) => one.findings.map((finding) => ({ finding, one })));
  const codes = [...new Set(found.map(({ finding }) => finding.code))].toSorted();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...driver(result), rules: codes.map(ruleOf) } },
        invocations: [{ executionSuccessful: true, startTimeUtc: result.startedAt, endTimeUtc: endOf(result) }],
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that shutdown-check was run in.' } } },
        results: found.map((each) => resultOf(each, codes.indexOf(each.finding.code))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function driver({ tool }: Result) {
  return { name: tool.name, version: tool.version, semanticVersion: tool.version };
}

function endOf({ startedAt, durationMs }: Result): string {
  return new Date(Date.parse(startedAt) + durationMs).toISOString();
}

/** The page of a code is its help; of one without a page nothing is made up. */
function ruleOf(code: string) {
  const page = pageOf(code);
  const summary = page?.split('\n\n')[1]?.replace(/\s+/g, ' ').trim();
  return {
    id: code,
    name: code.toLowerCase().replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    ...(page !== null && {
      ...(summary && { shortDescription: { text: summary } }),
      help: { text: page, markdown: page },
    }),
  };
}

function resultOf({ finding, one }: Found, ruleIndex: number) {
  const place = placeOf(finding, one);
  const advice = finding === one.cause ? one.remedy : finding.advice;
  const verdict = finding === one.cause && isFailure(one) ? [one.sentence] : [];
  const lines = [...verdict, finding.message, ...(advice === null ? [] : [`Do: ${advice}`])];
  return {
    ruleId: finding.code,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[finding.severity],
    message: { text: harmlessLines(lines.join('\n')) },
    ...(place !== null && { locations: [locationOf(place)] }),
    partialFingerprints: { 'shutdownCheck/v1': fingerprintOf(finding, one, place) },
    properties: { target: one.name, verdict: one.verdict },
  };
}

function locationOf({ file, line }: Place) {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  const artifactLocation = file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
  return { physicalLocation: { artifactLocation, ...(line !== null && { region: { startLine: line } }) } };
}

/** What stays the same when the figures change: what was found, of what, in which file. Lines move. */
function fingerprintOf({ code }: Finding, { name }: Case, place: Place | null): string {
  return createHash('sha256')
    .update([code, name, place?.file ?? ''].join('\0'))
    .digest('hex')
    .slice(0, 32);
}
