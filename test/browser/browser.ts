import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import axeCore from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

import { browserPath } from '../../scripts/setup/browser.mjs';
import { htmlReporter } from '../../src/report/html/html.ts';
import type { Saved } from '../../src/report/reporter.ts';

/** Debian's browser; null where it is not installed, and set-up could not. */
export const BROWSER = await browserPath();

/** A page that is looked at, and what it did that it should not. */
export interface Opened {
  readonly page: Page;
  /** What it wrote to the console, threw, or asked the network for beside itself. */
  readonly complaints: readonly string[];
}

/** Reports, each a file, in a browser. */
export interface Looking extends AsyncDisposable {
  /** Opens a report, in the place of the one before. */
  open(saved: Saved, options?: BrowserContextOptions): Promise<Opened>;
}

/** @throws where there is no browser. */
export async function startLooking(): Promise<Looking> {
  // Chromium's sandbox does not take root; what it opens is ours.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await chromium.launch({ executablePath: BROWSER ?? 'chromium', args: sandbox });
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-page-'));
  let files = 0;
  return {
    open: async (saved, options = {}) => {
      const file = path.join(folder, `${files++}.html`);
      await writeFile(file, htmlReporter(saved));
      await Promise.all(browser.contexts().map((before) => before.close()));
      const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
      const page = await context.newPage();
      return { page, complaints: await visit(page, pathToFileURL(file).href) };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function visit(page: Page, address: string): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== address) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(address);
  await page.waitForSelector('html[data-drawn]');
  return complaints;
}

/** What axe has to say against a page as it is now, a line each. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeCore.source);
  return await page.evaluate(async () => {
    interface Axe {
      run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
  });
}
