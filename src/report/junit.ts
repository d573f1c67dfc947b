import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';

import type { Comparison } from '../baseline/record.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import type { Saved } from './reporter.ts';
import { harmlessLines } from './text.ts';

/** What a test case came to; of one that passed there is nothing more to say. */
type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failure' | 'skipped'; readonly type: string; readonly message: string; readonly text: string };

interface TestCase {
  readonly name: string;
  readonly seconds: number;
  readonly outcome: Outcome;
  /** What a server shows beside it, also where it passed. */
  readonly output: string | null;
}

/**
 * JUnit's XML, as CI servers read it: a test case for each run, scenario or roll-out, and one more for each comparison with
 * a baseline. Findings are the failure; inconclusive is skipped, with its reason.
 *
 * The elements are those of Jenkins' junit-10.xsd.
 */
export function junitReporter({ result }: Saved): string {
  const tests = testCasesOf(result);
  const count = (kind: Outcome['kind']): number => tests.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = { tests: tests.length, failures: count('failure'), errors: 0 };
  const seconds = secondsOf(result.durationMs);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'shutdown-check',
    ...counts,
    time: seconds,
  });
  const suite = root.ele('testsuite', {
    name: 'shutdown-check',
    ...counts,
    skipped: count('skipped'),
    time: seconds,
    timestamp: result.startedAt.replace(/\.\d+Z$/, ''),
  });
  addProperties(suite, result);
  for (const one of tests) addTestCase(suite, one);
  return `${root.end({ prettyPrint: true })}\n`;
}

function testCasesOf(result: Result): readonly TestCase[] {
  return [...casesOf(result).map(testCaseOf), ...(result.baseline?.comparisons ?? []).map(comparisonOf)];
}

function testCaseOf(one: Case): TestCase {
  const outcome = outcomeOf(one);
  const output = outcome.kind === 'passed' ? one.text() : null;
  return { name: one.name, seconds: one.durationMs, outcome, output };
}

function outcomeOf(one: Case): Outcome {
  if (isFailure(one)) {
    const because = one.asExpected === null ? (one.cause?.message ?? null) : one.unexpected.join(' ');
    const message = [one.sentence, because].filter(Boolean).join(' ');
    const type = one.asExpected === null ? (one.why ?? 'fail') : 'not as expected';
    return { kind: 'failure', type, message, text: one.text() };
  }
  if (one.isKnown)
    return { kind: 'skipped', type: 'known', message: `Known from the baseline: ${one.sentence}`, text: one.text() };
  if (!isUnclear(one)) return { kind: 'passed' };
  return { kind: 'skipped', type: one.why ?? 'inconclusive', message: one.sentence, text: one.text() };
}

function comparisonOf({ name, regressions }: Comparison): TestCase {
  const message = regressions.map((regression) => regression.message).join(' ');
  const outcome: Outcome =
    regressions.length === 0
      ? { kind: 'passed' }
      : { kind: 'failure', type: 'regression', message, text: regressions.map((one) => one.message).join('\n') };
  return { name: `${name}: no worse than the baseline`, seconds: 0, outcome, output: null };
}

function addProperties(suite: XMLBuilder, { tool, engine, verdict, runs }: Result): void {
  const properties = suite.ele('properties');
  const add = (name: string, value: string): void => void properties.ele('property', { name, value: asXml(value) });
  add('version', tool.version);
  add('engine', `${engine.kind} ${engine.version}`);
  add('verdict', verdict);
  const [run] = runs;
  if (runs.length !== 1 || run === undefined) return;
  add('exitCode', String(run.termination.exitCode ?? 'unknown'));
  add('heldAgainst', String(run.requests.heldAgainst));
  add('drainMs', String(run.termination.drainMs ?? 'none'));
}

function addTestCase(suite: XMLBuilder, { name, seconds, outcome, output }: TestCase): void {
  const attributes = { classname: 'shutdown-check', name: asXml(name), time: secondsOf(seconds) };
  const element = suite.ele('testcase', attributes);
  if (outcome.kind !== 'passed') {
    const { kind, type, message, text } = outcome;
    element.ele(kind, { type, message: asXml(message) }).txt(asXml(text));
  }
  if (output !== null) element.ele('system-out').txt(asXml(output));
}

/** Surefire's form: no more than three digits after the point. */
function secondsOf(durationMs: number): string {
  return (durationMs / 1_000).toFixed(3);
}

/** Without what XML 1.0 cannot say (https://www.w3.org/TR/xml/#charsets): controls, lone surrogates, two non-characters. */
function asXml(text: string): string {
  return harmlessLines(text.toWellFormed()).replace(/[\uFFFE\uFFFF]/g, '');
}
