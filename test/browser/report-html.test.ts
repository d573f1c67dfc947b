import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { readSaved } from '../../src/saved/read.ts';
import type { Saved } from '../../src/report/reporter.ts';
import type { Result, RunRecord } from '../../src/result.ts';
import { BROKEN_OUT, RESULTS } from '../unit/report/fixtures/results.ts';
import { bigSaved } from '../unit/report/fixtures/ledgers.ts';
import { resultOf } from '../unit/report/fixtures/records.ts';
import { BROWSER, type Looking, startLooking, violationsIn } from './browser.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const EXAMPLE = await readSaved('reports/example/result.json');
const ALL: readonly (readonly [string, Saved])[] = [
  ['example', EXAMPLE],
  ...Object.entries(RESULTS).map(([name, result]) => [name, unrecorded(result)] as const),
  ['hostile', unrecorded(BROKEN_OUT)],
];

function unrecorded(result: Result): Saved {
  return { result, ledgers: [...result.runs, ...(result.rollouts ?? [])].map(() => null) };
}

describe.skipIf(BROWSER === null)('the HTML report in Chromium', () => {
  let looking: Looking;
  beforeAll(async () => {
    looking = await startLooking();
  });
  afterAll(async () => {
    await looking[Symbol.asyncDispose]();
  });

  const textsOf = (page: Page, selector: string): Promise<readonly string[]> =>
    page.locator(selector).evaluateAll((all) => all.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim()));

  test('shows the numbers of the saved result', async () => {
    const { page } = await looking.open(EXAMPLE);
    const [run] = EXAMPLE.result.runs as [RunRecord];
    const { requests, termination } = run;
    const heading = await page.locator('h1').textContent();
    expect(heading).toContain(`cost ${requests.heldAgainst} requests of ${requests.sent} sent`);
    expect(await textsOf(page, '.figures dd')).toEqual([
      `${requests.heldAgainst} of ${requests.sent} requests`,
      expect.stringMatching(/^yes at 10\.\d s by the engine$/),
      expect.stringMatching(new RegExp(`^${termination.exitCode} at `)),
      expect.stringMatching(/ of 10 s of grace$/),
      `${requests.inFlightAtSignal} at least`,
    ]);
    const legend = await textsOf(page, '.legend li > span');
    expect(legend).toEqual([
      `completed ${requests.completed}`,
      `lost, no answer began ${requests.lost}`,
      `refused connection ${requests.refused}`,
    ]);
    const [, cells] = await textsOf(page, '.requests tbody tr');
    const phases = [requests.byPhase.before, requests.byPhase.inFlight, requests.byPhase.after];
    const told = phases.map(({ lost }) => (lost === 0 ? '–' : String(lost))).join('');
    expect(cells?.replace(/\s/g, '')).toMatch(new RegExp(`^lost,noanswerbegan${told}.*${requests.lost}$`));
  });

  test('draws every request as a mark, what was lost in a shape of its own', async () => {
    const { page } = await looking.open(EXAMPLE);
    const { requests } = EXAMPLE.result.runs[0]!;
    const drawn = page.locator('[data-drawing] svg[aria-label^="Requests"] [data-mark="dot"]');
    expect(await drawn.nth(0).locator('> *').count()).toBe(requests.completed);
    expect(await drawn.nth(1).locator('> *').count()).toBe(requests.sent - requests.completed);
  });

  test('shows another stretch of time to whoever has only a keyboard', async () => {
    const { page } = await looking.open(EXAMPLE);
    const drawing = page.locator('[data-drawing]');
    expect(await drawing.getAttribute('data-drawn')).toBe('whole');
    await page.locator('.zoom input').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await drawing.getAttribute('data-drawn')).toBe('signal');
    await page.keyboard.press('ArrowRight');
    expect(await drawing.getAttribute('data-drawn')).toBe('end');
    expect(await textsOf(page, '.legend li > span')).toContain(
      `lost, no answer began ${EXAMPLE.result.runs[0]!.requests.lost}`,
    );
  });

  test('opens a row of the table with the keyboard alone, and draws it only then', async () => {
    const { page } = await looking.open(unrecorded(RESULTS['scenarios']!));
    expect(await page.locator('[data-drawn]:not(html)').count()).toBe(0);
    await page.locator('.matrix tbody a').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#run-2[open] [data-drawn]');
    expect(await page.evaluate(() => document.activeElement?.closest('details')?.id)).toBe('run-2');
    expect(await page.locator('[data-drawn]:not(html)').count()).toBe(1);
  });

  test.each(ALL)('complains of nothing and loads nothing, all of it open: %s', async (_, saved) => {
    const { page, complaints } = await looking.open(saved);
    await openAll(page);
    expect(complaints).toEqual([]);
    expect(await page.locator('.drawing').count()).toBe(await page.locator('.drawing:has(svg)').count());
  });

  test.each(ALL.flatMap(([name, saved]) => (['light', 'dark'] as const).map((scheme) => ({ name, scheme, saved }))))(
    'is found accessible by axe, all of it open: $name, $scheme',
    async ({ saved, scheme }) => {
      const { page } = await looking.open(saved, { colorScheme: scheme });
      await openAll(page);
      expect(await violationsIn(page)).toEqual([]);
    },
  );

  test('needs no scrolling sideways on a narrow screen', async () => {
    const { page } = await looking.open(EXAMPLE, { viewport: { width: 400, height: 800 } });
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth: whole, clientWidth: seen } = document.documentElement;
      return { scrollWidth: whole, clientWidth: seen };
    });
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  });

  test('opens what matters for printing, and closes it again', async () => {
    const { page, complaints } = await looking.open(unrecorded(RESULTS['scenarios']!), { colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const odd = RESULTS['scenarios']!.runs.filter(({ asExpected }) => asExpected === false).length;
    expect(await page.locator('details.run[open]:has([data-drawn])').count()).toBe(odd);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('details.run[open]').count()).toBe(0);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(complaints).toEqual([]);
  });

  test('opens a million requests about as fast as a thousand', async () => {
    const few = await drawnAfterMs(bigSaved(1000));
    const many = await drawnAfterMs(bigSaved(1_000_000));
    console.info(`a page of 1,000 requests is drawn after ${few} ms, one of 1,000,000 after ${many} ms`);
    expect(many / few).toBeLessThan(4);
  });

  test('draws nothing of a hundred scenarios until one is opened', async () => {
    const { runs } = RESULTS['scenarios']!;
    const hundred = Array.from({ length: 100 }, (_, nth) => runs[nth % runs.length]!);
    const { page } = await looking.open(unrecorded(resultOf(hundred)));
    expect(await page.locator('.matrix tbody tr').count()).toBe(100);
    expect(await page.locator('svg').count()).toBe(0);
  });

  /** The best of several, from the navigation to what is drawn and painted. */
  async function drawnAfterMs(saved: Saved): Promise<number> {
    const { page } = await looking.open(saved);
    const times: number[] = [];
    for (let time = 0; time < 4; time++) {
      await page.reload();
      await page.waitForSelector('[data-drawn]:not(html)');
      times.push(
        await page.evaluate(
          () => new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))),
        ),
      );
    }
    return Math.round(Math.min(...times));
  }

  async function openAll(page: Page): Promise<void> {
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.drawing')].every(({ children }) => children.length > 0),
    );
  }
});
