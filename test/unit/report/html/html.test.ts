import { describe, expect, test } from 'vitest';

import { renderPage } from '../../../../src/report/html/html.ts';
import type { Result } from '../../../../src/result.ts';
import { expectGolden } from '../../../golden/golden.ts';
import { bigSaved } from '../fixtures/ledgers.ts';
import { MENDED } from '../fixtures/proofs.ts';
import { resultOf } from '../fixtures/records.ts';
import { BROKEN_OUT, HOSTILE, RESULTS } from '../fixtures/results.ts';

const ASSETS = { script: '/* script */', style: '/* style */' };

function page(result: Result): string {
  const ledgers = [...result.runs, ...(result.rollouts ?? [])].map(() => null);
  return renderPage({ result, ledgers }, ASSETS);
}

/** Without the pages about the findings, which change for reasons of their own. */
function withoutPages(html: string): string {
  return html
    .replace(/<section class="explained"[^]*?<\/section>\n/, '')
    .replace(/<p class="more">.*<\/p>(?=<\/section>)/g, '');
}

describe('the page', () => {
  test.each(['shell', 'pod', 'worker', 'scenarios', 'worse', 'rollout'])(
    'of %s reads as its golden file',
    async (of) => {
      await expectGolden(`report-${of}.html`, withoutPages(page(RESULTS[of]!)));
    },
  );

  test('of a proof shows each change beside the run as it was', () => {
    const html = page(resultOf([MENDED]));
    const [, head = ''] = /What each change comes to<\/caption>\s*<thead>(.*?)<\/thead>/s.exec(html) ?? [];
    expect([...head.matchAll(/<th[^>]*>(.*?)<\/th>/g)].map(([, text]) => text)).toEqual([
      'as it is',
      ...MENDED.proofs
        .filter(({ verdict }) => verdict !== null)
        .map(({ after, change }) => escaped([...after, change].join(' + '))),
    ]);
  });

  test.each(Object.entries(RESULTS))('of %s has every id once, and a target for each link within it', (_, result) => {
    const html = page(result);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
    for (const [, target] of html.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(target);
  });

  test.each(Object.entries(RESULTS))('of %s skips no level of its headings', (_, result) => {
    const levels = [...page(result).matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    levels.forEach((level, nth) => expect(level).toBeLessThanOrEqual((levels[nth - 1] ?? 0) + 1));
  });

  test.each(Object.entries(RESULTS))('of %s asks for nothing from elsewhere', (_, result) => {
    const html = withoutPages(page(result));
    expect(html).not.toMatch(/(src|href)="(?!#)/);
    expect(html).toContain(`content="default-src &#39;none&#39;; script-src &#39;sha256-`);
  });

  test('without the record of each request says so, and draws what is counted', () => {
    expect(page(RESULTS['shell']!)).toContain('there is no record of each request here');
  });
});

describe('words from elsewhere', () => {
  test('become neither elements nor attributes, wherever they stand', () => {
    const html = page(BROKEN_OUT);
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  test('in the data of the page cannot end its element', () => {
    const signal = '</script><script>alert(1)</script><!-- \u2028';
    const [run] = BROKEN_OUT.runs;
    const termination = { ...run!.termination, signals: [{ signal, atMs: 5, sender: 'engine' }] } as const;
    const html = page({ ...BROKEN_OUT, runs: [{ ...run!, termination }] });
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
    const [, json = ''] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html) ?? [];
    const { moments } = JSON.parse(json) as { moments: { text: string }[] };
    expect(moments.map(({ text }) => text)).toContain(signal);
  });

  test('of a log stand in the list whole', () => {
    expect(page(BROKEN_OUT)).toContain(escaped(HOSTILE.slice(0, 20)));
  });
});

describe('a million requests', () => {
  const few = renderPage(bigSaved(1000), ASSETS);
  const many = renderPage(bigSaved(1_000_000), ASSETS);

  test('make a page no larger than a browser takes at once', () => {
    expect(many.length).toBeLessThan(700_000);
    expect(many.length).toBeLessThan(few.length * 10);
  });

  test('are drawn with a bounded number of marks, which count all of them', () => {
    const [, json = ''] = /<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(many) ?? [];
    const { views } = JSON.parse(json) as { views: { layers: { singles: number[]; cells: number[] }[] }[] };
    const marksOf = ({ singles, cells }: { singles: number[]; cells: number[] }) =>
      singles.length / 2 + cells.length / 3;
    for (const { layers } of views) {
      expect(layers.reduce((sum, layer) => sum + marksOf(layer), 0)).toBeLessThan(6000);
    }
    const counted = views[0]!.layers.reduce(
      (sum, { singles, cells }) =>
        sum + singles.length / 2 + cells.reduce((all, value, nth) => all + (nth % 3 === 2 ? value : 0), 0),
      0,
    );
    expect(counted).toBe(1_000_000);
  });
});

function escaped(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
