import { readFile } from 'node:fs/promises';

import ajvOfDraft4 from 'ajv-draft-04';
import ajvFormats from 'ajv-formats';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';

import type { LintResult } from '../../../src/lint/lint.ts';
import { lintSarif } from '../../../src/report/lint-sarif.ts';
import { cell, codeBlock, inline, tableOf } from '../../../src/report/markdown-text.ts';
import { PLAIN_LOOK, type Saved } from '../../../src/report/reporter.ts';
import { REPORTERS, type ReporterName } from '../../../src/report/reporters.ts';
import type { Result } from '../../../src/result.ts';
import { expectGolden } from '../../golden/golden.ts';
import { MENDED } from './fixtures/proofs.ts';
import { BROKEN_OFF, BROKEN_OUT, RENEWED, RESULTS } from './fixtures/results.ts';

const NAMES = Object.keys(RESULTS);
const ALL: readonly (readonly [string, Result])[] = [...Object.entries(RESULTS), ['hostile', BROKEN_OUT]];
const LINTED: LintResult = {
  schemaVersion: 1,
  dockerfile: 'Dockerfile',
  findings: [
    {
      ...{ code: 'SHELL_FORM', severity: 'error', file: 'Dockerfile', line: 3, column: 5, excerpt: 'CMD a', args: {} },
      ...{ message: 'A shell is PID 1.', advice: 'Write `CMD ["a"]`.', couldNotKnow: 'whether it is' },
    },
  ],
};
const SUFFIXES = { junit: 'junit.xml', markdown: 'md', sarif: 'sarif', github: 'github.txt' } as const;

async function rendered(name: ReporterName, result: Result): Promise<string> {
  const reporter = await REPORTERS[name]();
  const saved: Saved = { result, ledgers: result.runs.map(() => null) };
  return reporter(saved, PLAIN_LOOK);
}

/** The words of a finding's page are not what a golden file of a report is about. */
function withoutPages(sarif: string): string {
  const log = JSON.parse(sarif);
  for (const rule of log.runs[0].tool.driver.rules) {
    rule.shortDescription = {};
    delete rule.help;
  }
  return `${JSON.stringify(log, null, 2)}\n`;
}

describe.each(Object.entries(SUFFIXES) as [keyof typeof SUFFIXES, string][])('%s', (name, suffix) => {
  test.each(NAMES)('of %s reads as its golden file', async (of) => {
    const text = await rendered(name, RESULTS[of]!);
    await expectGolden(`report-${of}.${suffix}`, name === 'sarif' ? withoutPages(text) : text);
  });
});

describe('JUnit', () => {
  test.each(ALL)('of %s is valid by the schema that Jenkins has', async (_, result) => {
    const schema = await readFile('test/schemas/junit-10.xsd', 'utf8');
    const xml = { fileName: 'junit.xml', contents: await rendered('junit', result) };
    const { valid, errors } = await validateXML({ xml: [xml], schema: [{ fileName: 'junit.xsd', contents: schema }] });
    expect(errors).toEqual([]);
    expect(valid).toBe(true);
  });

  test('counts what failed and what could not tell', async () => {
    const xml = await rendered('junit', RESULTS['scenarios']!);
    const { runs } = RESULTS['scenarios']!;
    const odd = runs.filter(({ asExpected }) => asExpected === false).length;
    expect(xml).toContain(`tests="${runs.length}" failures="${odd}"`);
    expect(await rendered('junit', RESULTS['inconclusive']!)).toMatch(
      /<skipped type="NOTHING_IN_FLIGHT" message="[^"]+"/,
    );
  });

  test('has what is worse than the baseline as a test case of its own', async () => {
    const xml = await rendered('junit', RESULTS['worse']!);
    expect(xml).toMatch(
      /classname="shutdown-check.baseline" name="\.\/Dockerfile does not regress against shutdown-baseline\.json"[^>]*>\s*<failure type="regression"/,
    );
  });

  test('has no failure for what is worse where the baseline was to be written anew', async () => {
    expect(await rendered('junit', RENEWED)).toContain('failures="0"');
  });

  test('has an error where a run of several could not take place', async () => {
    expect(await rendered('junit', BROKEN_OFF)).toMatch(
      /<error type="could not be run" message="Run 3 could not be run: The engine went away\."/,
    );
  });

  test('counts all runs of one plan as one test, and says how often it failed', async () => {
    const xml = await rendered('junit', RESULTS['repeats']!);
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).toMatch(/message="1 of 3 stops lost 2 requests/);
  });

  test('tells the ends of several apart by their names', async () => {
    const xml = await rendered('junit', RESULTS['scenarios']!);
    expect(xml).toContain('<property name="shell-pid1.exitCode" value="137"/>');
    expect(xml).toContain('<property name="exec-form.exitCode" value="0"/>');
  });

  test('skips a failure that the baseline has too, where that was accepted', async () => {
    const xml = await rendered('junit', RESULTS['known']!);
    expect(xml).toContain('failures="0"');
    expect(xml).toContain('<skipped type="known"');
  });
});

describe('SARIF', async () => {
  const schema = JSON.parse(await readFile('test/schemas/sarif-schema-2.1.0.json', 'utf8')) as object;
  const ajv = new ajvOfDraft4.default({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const validate = ajv.compile(schema);

  test.each(ALL)('of %s is valid by the 2.1.0 schema', async (_, result) => {
    validate(JSON.parse(await rendered('sarif', result)));
    expect(validate.errors).toBeNull();
  });

  test('of what lint found is valid, each of two alike in a file known by its line', () => {
    const finding = LINTED.findings[0]!;
    const text = lintSarif({ ...LINTED, findings: [finding, { ...finding, line: 9, excerpt: 'CMD b' }] }, PLAIN_LOOK);
    const log = JSON.parse(text);
    validate(log);
    expect(validate.errors).toBeNull();
    const [one, other] = log.runs[0].results;
    expect(one.partialFingerprints).not.toEqual(other.partialFingerprints);
    expect(one.message.text).toContain('Not known: whether it is.');
  });

  test('names the line of the Dockerfile, relative to where the program ran', async () => {
    const log = JSON.parse(await rendered('sarif', RESULTS['shell']!));
    const cause = log.runs[0].results.find(({ ruleId }: { ruleId: string }) => ruleId === 'SHELL_IS_PID1');
    expect(cause.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'api/Dockerfile', uriBaseId: '%SRCROOT%' },
      region: { startLine: 6 },
    });
  });

  test('counts paths from the root of the repository, where the program ran further in', async () => {
    const reporter = await REPORTERS.sarif();
    const log = JSON.parse(reporter({ result: RESULTS['shell']!, ledgers: [] }, { ...PLAIN_LOOK, folder: 'my shop' }));
    const uris = log.runs[0].results.flatMap(
      (one: { locations: { physicalLocation: { artifactLocation: object } }[] }) =>
        one.locations.map(({ physicalLocation }) => physicalLocation.artifactLocation),
    );
    expect(uris).toContainEqual({ uri: 'my%20shop/api/Dockerfile', uriBaseId: '%SRCROOT%' });
  });

  test.each(ALL)(
    'of %s gives every result an artifact, without which code scanning rejects all of it',
    async (_, result) => {
      const log = JSON.parse(await rendered('sarif', result));
      for (const { locations } of log.runs[0].results)
        expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[^\s:]+$/);
    },
  );

  test('explains a code by its page, whose links to other pages are left out', async () => {
    const [rule] = JSON.parse(await rendered('sarif', RESULTS['stuck']!)).runs[0].tool.driver.rules;
    expect(rule.help.markdown).toMatch(/^# STUCK_ON_CONNECTIONS\n/);
    expect(rule.help.markdown).not.toMatch(/\]\((?!https?:)/);
    expect(rule.shortDescription.text).toMatch(/^\w[^\n]+\.$/);
  });

  test('says what the program ended with', async () => {
    const endings = await Promise.all(
      [RESULTS['pass']!, RESULTS['shell']!, RESULTS['inconclusive']!, RESULTS['worse']!, BROKEN_OFF].map(
        async (result) => JSON.parse(await rendered('sarif', result)).runs[0].invocations[0],
      ),
    );
    expect(endings.map(({ exitCode, executionSuccessful }) => [exitCode, executionSuccessful])).toEqual([
      [0, true],
      [1, true],
      [3, true],
      [1, true],
      [2, false],
    ]);
  });

  test('knows a finding again when only its figures have changed', async () => {
    const fingerprints = async (result: Result): Promise<unknown> =>
      JSON.parse(await rendered('sarif', result)).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: unknown }) => partialFingerprints,
      );
    const { runs } = RESULTS['shell']!;
    const later = runs.map((run) => ({
      ...run,
      findings: run.findings.map((finding) => ({ ...finding, message: `${finding.message} 7.` })),
    }));
    expect(await fingerprints({ ...RESULTS['shell']!, runs: later })).toEqual(await fingerprints(RESULTS['shell']!));
  });

  test('has no result for what a scenario is expected to do', async () => {
    const expected = RESULTS['scenarios']!.runs.filter(({ asExpected }) => asExpected === true);
    const log = JSON.parse(await rendered('sarif', { ...RESULTS['scenarios']!, runs: expected }));
    expect(log.runs[0].results).toEqual([]);
  });
});

describe('Markdown', () => {
  const html = (markdown: string): string =>
    micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

  test.each(ALL)('of %s becomes the tables that it has, each row with as many cells as its head', async (_, result) => {
    const markdown = await rendered('markdown', result);
    const heads = markdown.match(/^\| [^\n]*\n\| ---/gm) ?? [];
    const page = html(markdown.replaceAll(/<\/?(?:details|summary|sub)>/g, ''));
    expect(page.match(/<table>/g) ?? []).toHaveLength(heads.length);
    for (const [table] of page.matchAll(/<table>[^]*?<\/table>/g)) {
      const rows = table.split('<tr>').slice(1);
      const counts = rows.map((row) => row.match(/<t[hd][ >]/g)?.length);
      expect(new Set(counts).size).toBe(1);
      expect(rows.every((row) => !row.includes('<td></td>\n</tr>') || row.length > 0)).toBe(true);
    }
  });

  test('takes nothing from elsewhere as markup, and mentions nobody', async () => {
    const page = html(await rendered('markdown', BROKEN_OUT));
    const tags = new Set([...page.matchAll(/<([a-z]+\d?)/g)].map(([, tag]) => tag));
    expect(tags).not.toContain('img');
    expect(page).not.toContain('<strong>x</strong>');
    const outsideCode = page.replaceAll(/<(pre|code)>[^]*?<\/\1>/g, '');
    expect(outsideCode).not.toMatch(/(?<!-->)[@#](?:team|12)/);
  });

  test.each([
    ['text', 'my_app *v1* [x](y)', 'my_app *v1* [x](y)'],
    ['HTML', '<img src=x onerror=alert(1)> &amp;', '&lt;img src=x onerror=alert(1)&gt; &amp;amp;'],
    ['a heading', '# no', '# no'],
    ['a list', '- no', '- no'],
    ['a numbered list', '1) no', '1) no'],
    ['a rule', '---', '---'],
    ['a link', 'https://a.example/x', 'https<!-- -->://a.example/x'],
    ['an issue', 'GH-12 and #12', 'GH<!-- -->-12 and #<!-- -->12'],
    ['a bar within code', 'run `a | b`', 'run <code>a | b</code>'],
    ['lone backticks', 'a ` b', 'a ` b'],
    ['several lines', 'a\n\n# b', 'a  # b'],
  ])('shows %s in a sentence as it is', (_, text, shown) => {
    expect(html(inline(text))).toBe(`<p>${shown}</p>`);
  });

  test('keeps a bar in its cell, also within code', () => {
    const [, row] = html(tableOf(['a', 'b'], [[cell('x | `y | z`'), cell('last')]])).split('<tbody>');
    expect(row).toContain('<td>x | <code>y | z</code></td>\n<td>last</td>');
  });

  test('fences a text that has fences itself', () => {
    expect(html(codeBlock('````\n</pre><b>'))).toBe(
      '<pre><code class="language-text">````\n&lt;/pre&gt;&lt;b&gt;\n</code></pre>',
    );
  });

  test('names a run in a summary as it is called, for no Markdown is read there', async () => {
    const { runs } = RESULTS['shell']!;
    const named = runs.map((run) => ({ ...run, target: { ...run.target, reference: 'my_app*<b>' } }));
    const markdown = await rendered('markdown', { ...RESULTS['shell']!, runs: [...named, ...named] });
    expect(markdown).toContain('<summary>my_app*&lt;b&gt;: FAIL</summary>');
  });

  test('has what is to be written in a block of its own, proven before advised', async () => {
    const advised = await rendered('markdown', RESULTS['shell']!);
    expect(advised).toContain('```text\nCMD ["node","server.js"]\n```');
    const { runs } = RESULTS['shell']!;
    const proven = await rendered('markdown', { ...RESULTS['shell']!, runs: [{ ...runs[0]!, proofs: MENDED.proofs }] });
    expect(proven).toContain('Dockerfile:\n\n```text\nCMD ["node", "server.js"]\n```');
  });

  test('says that what is worse does not count where the baseline was to be written anew', async () => {
    const markdown = await rendered('markdown', RENEWED);
    expect(markdown).toMatch(/^## PASS: /);
    expect(markdown).toContain('what is worse does not count');
  });

  test('fits a comment, and says what it left out', async () => {
    const { runs } = RESULTS['shell']!;
    const many = { ...RESULTS['shell']!, runs: Array.from({ length: 60 }, () => runs[0]!) };
    const markdown = await rendered('markdown', many);
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(markdown).toMatch(/<em>Left out for want of room: the report of \.\/Dockerfile.* and \d+ more\./);
    expect((markdown.match(/^`{3,}/gm) ?? []).length % 2).toBe(0);
  });

  test('leaves out what is too large, and keeps what comes after it', async () => {
    const { runs } = RESULTS['shell']!;
    const huge = runs.map((run) => ({
      ...run,
      findings: run.findings.map((one) => ({
        ...one,
        message: one.message.repeat(one.code === 'SHELL_IS_PID1' ? 600 : 1),
      })),
    }));
    const markdown = await rendered('markdown', { ...RESULTS['shell']!, runs: huge });
    expect(markdown.length).toBeLessThanOrEqual(65_536);
    expect(markdown).toContain('Left out for want of room: the cause, the whole report.');
    expect(markdown).toContain('**Do** Write `CMD');
  });
});

describe('GitHub', () => {
  test.each(ALL)('of %s has a command a line and no other', async (_, result) => {
    const lines = (await rendered('github', result)).split('\n').slice(0, -1);
    for (const line of lines)
      expect(line).toMatch(/^::(?:error|warning) (?:file=[^,:]+,(?:line=\d+,)?)?title=[^,:]+::./);
  });

  test('shows the most important ones where there are more than GitHub shows', async () => {
    const { runs } = RESULTS['shell']!;
    const many = { ...RESULTS['shell']!, runs: Array.from({ length: 12 }, () => runs[0]!) };
    const lines = (await rendered('github', many)).split('\n').filter((line) => line.startsWith('::error'));
    expect(lines).toHaveLength(10);
  });

  test('says why before what followed, also where that was found first', async () => {
    const { runs } = RESULTS['shell']!;
    const [first, ...others] = (await rendered('github', { ...RESULTS['shell']!, runs: [runs[0]!, runs[0]!] })).split(
      '\n',
    );
    expect(first).toMatch(/^::error file=api\/Dockerfile,line=6,title=[^:]*SHELL_IS_PID1::/);
    expect(others[0]).toContain('SHELL_IS_PID1');
    expect(others[1]).toContain('IN_FLIGHT_LOST');
  });

  test.each(['shell', 'stuck', 'inconclusive', 'rollout', 'worker', 'pod'])(
    'tells each finding of %s once',
    async (name) => {
      const lines = (await rendered('github', RESULTS[name]!)).trim().split('\n');
      const { runs, rollouts = [] } = RESULTS[name]!;
      const findings = [...runs, ...rollouts]
        .flatMap((one) => one.findings)
        .filter(({ severity }) => severity !== 'info');
      expect(lines).toHaveLength(findings.length);
    },
  );

  test('counts paths from the root of the repository, where the program ran further in', async () => {
    const reporter = await REPORTERS.github();
    const text = reporter({ result: RESULTS['shell']!, ledgers: [] }, { ...PLAIN_LOOK, folder: 'shop' });
    expect(text).toMatch(/^::error file=shop\/api\/Dockerfile,line=6,/);
  });

  test('has no error for what is worse where the baseline was to be written anew', async () => {
    expect(await rendered('github', RENEWED)).toBe('');
    expect(await rendered('github', RESULTS['worse']!)).toMatch(/^::error title=[^:]*worse than in shutdown-baseline/);
  });

  test('has an error where a run of several could not take place', async () => {
    expect(await rendered('github', BROKEN_OFF)).toMatch(
      /^::error title=[^:]*could not be run::Run 3 could not be run/,
    );
  });

  test('says nothing of what is well', async () => {
    expect(await rendered('github', RESULTS['pass']!)).toBe('');
  });
});
