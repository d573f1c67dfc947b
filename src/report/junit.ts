import { create } from 'xmlbuilder2';
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js';

import type { BaselineRecord, Comparison } from '../baseline/record.ts';
import type { Result } from '../result.ts';
import { type Case, casesOf, isFailure, isUnclear } from './cases.ts';
import type { Saved } from './reporter.ts';
import { harmlessLines } from './text.ts';

/** What a test case came to; of one that passed there is nothing more to say. */
type Outcome =
  | { readonly kind: 'passed' }
  | {
      readonly kind: 'failure' | 'error' | 'skipped';
      readonly type: string;
      readonly message: string;
      readonly text: string;
    };

interface TestCase {
  readonly kind: Case['kind'] | 'baseline';
  readonly name: string;
  readonly durationMs: number;
  readonly outcome: Outcome;
  /** What a server shows beside it, also where it passed. */
  readonly output: string | null;
}

/**
 * JUnit's XML, as CI servers read it: a test case for each run, scenario or roll-out, one for all runs of the same plan, and
 * one more for each comparison with a baseline. Findings are the failure; inconclusive is skipped, with its reason.
 *
 * The elements are those of Jenkins' junit-10.xsd, by which a test case has no properties and one failure is enough.
 */
export function junitReporter({ result }: Saved): string {
  const cases = casesOf(result);
  const tests = [...cases.map(testCaseOf), ...comparisonsOf(result.baseline)];
  const count = (kind: Outcome['kind']): number => tests.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = { tests: tests.length, failures: count('failure'), errors: count('error') };
  const seconds = secondsOf(result.durationMs);
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'shutdown-check',
    ...counts,
    time: seconds,
  });
  const suite = root.ele('testsuite', {
    name: suiteOf(cases),
    ...counts,
    skipped: count('skipped'),
    time: seconds,
    timestamp: result.startedAt.replace(/\.\d+Z$/, ''),
  });
  addProperties(suite, result, cases);
  for (const one of tests) addTestCase(suite, one);
  return `${root.end({ prettyPrint: true })}\n`;
}

/** One target has a suite of its own name, so that a server can tell those of several checks apart. */
function suiteOf([one, another]: readonly Case[]): string {
  return one === undefined || another !== undefined ? 'shutdown-check' : asXml(`shutdown-check ${one.name}`);
}

/** Where the baseline is to be written anew, what is worse does not count, and so nothing is tested. */
function comparisonsOf(baseline: BaselineRecord | undefined): readonly TestCase[] {
  if (baseline === undefined || baseline.isUpdate) return [];
  return baseline.comparisons.map((comparison) => comparisonOf(comparison, baseline.file));
}

function testCaseOf(one: Case): TestCase {
  const outcome = outcomeOf(one);
  const output = outcome.kind === 'passed' ? one.text() : null;
  return { kind: one.kind, name: one.name, durationMs: one.durationMs, outcome, output };
}

function outcomeOf(one: Case): Outcome {
  if (isFailure(one)) {
    const because = one.asExpected === null ? (one.cause?.message ?? null) : one.unexpected.join(' ');
    const message = [one.sentence, because].filter(Boolean).join(' ');
    const type = one.asExpected === null ? (one.why ?? 'fail') : 'not as expected';
    return { kind: 'failure', type, message, text: one.text() };
  }
  if (one.brokenBecause !== null)
    return { kind: 'error', type: 'could not be run', message: one.brokenBecause, text: one.text() };
  if (one.isKnown)
    return { kind: 'skipped', type: 'known', message: `Known from the baseline: ${one.sentence}`, text: one.text() };
  if (!isUnclear(one)) return { kind: 'passed' };
  return { kind: 'skipped', type: one.why ?? 'inconclusive', message: one.sentence, text: one.text() };
}

function comparisonOf({ name, regressions }: Comparison, file: string): TestCase {
  const message = regressions.map((regression) => regression.message).join(' ');
  const outcome: Outcome =
    regressions.length === 0
      ? { kind: 'passed' }
      : { kind: 'failure', type: 'regression', message, text: regressions.map((one) => one.message).join('\n') };
  return { kind: 'baseline', name: `${name} does not regress against ${file}`, durationMs: 0, outcome, output: null };
}

/** Of a lone case by their bare names, of several behind the name of each. */
function addProperties(suite: XMLBuilder, { tool, engine, verdict }: Result, cases: readonly Case[]): void {
  const properties = suite.ele('properties');
  const add = (name: string, value: string): void =>
    void properties.ele('property', { name: asXml(name), value: asXml(value) });
  add('version', tool.version);
  add('engine', `${engine.kind} ${engine.version}`);
  add('verdict', verdict);
  for (const one of cases) {
    const before = cases.length === 1 ? '' : `${one.name}.`;
    add(`${before}exitCode`, String(one.exitCode ?? 'unknown'));
    add(`${before}lost`, String(one.lost));
    add(`${before}drainMs`, one.drainMs === null ? 'none' : String(Math.round(one.drainMs)));
  }
}

/** A dot in the class parts its package from its name in Jenkins. */
function addTestCase(suite: XMLBuilder, { kind, name, durationMs, outcome, output }: TestCase): void {
  const attributes = { classname: `shutdown-check.${kind}`, name: asXml(name), time: secondsOf(durationMs) };
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
