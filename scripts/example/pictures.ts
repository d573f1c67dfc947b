import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

import { browserPath } from '../setup/browser.mjs';

const SIZE = { width: 1200, height: 1390 };

/** Takes pictures of the top of `report.html` and of its timeline, light and dark, beside it; none where there is no browser. */
export async function takePictures(folder: string): Promise<void> {
  const executablePath = await browserPath();
  if (executablePath === null) return;
  // Chromium's sandbox does not take root; what it opens is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const [colorScheme, name] of [
      ['light', 'report.png'],
      ['dark', 'report-dark.png'],
    ] as const) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme });
      await page.goto(pathToFileURL(`${folder}/report.html`).href);
      await page.waitForSelector('html[data-drawn]');
      await page.screenshot({ path: `${folder}/${name}` });
    }
  } finally {
    await browser.close();
  }
}
