import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

/**
 * Compares a text with the file of that name beside this one. `UPDATE_GOLDEN=1` writes the files instead: look at what
 * changed before you keep it.
 */
export async function expectGolden(name: string, got: string): Promise<void> {
  const file = new URL(name, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(file, got);
  expect(got).toBe(await readFile(file, 'utf8'));
}
