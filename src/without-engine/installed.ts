import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { findProgram } from '../engines/namespace/programs.ts';
import type { Program } from './instructions.ts';

const VERSION_MS = 20_000;
/** What `/bin/sh` is in Debian's images. Others give their place to the last command of `-c`, or take signals otherwise. */
const DEBIANS_SHELL = 'dash';

/** Says of programs why they are not here as in the image, null where they are; each is looked for once. */
export function lookForPrograms(): (program: Program) => Promise<string | null> {
  const found = new Map<string, Promise<string | null>>();
  return async (program) => {
    const key = `${program.name}@${program.major}`;
    const because = found.get(key) ?? whyNotHere(program);
    found.set(key, because);
    return await because;
  };
}

async function whyNotHere({ name, major }: Program): Promise<string | null> {
  if (name === 'sh') return await whyAnotherShell();
  if (findProgram(name, process.env, process.cwd()).kind !== 'found') return `${name} is not installed`;
  if (major === null) return null;
  const version = await versionOf(name);
  return version === major ? null : `${name} is version ${version ?? 'unknown'} here, and ${major} in the image`;
}

async function whyAnotherShell(): Promise<string | null> {
  const shell = path.basename(await realpath('/bin/sh').catch(() => 'missing'));
  return shell === DEBIANS_SHELL ? null : `/bin/sh is ${shell} here, and ${DEBIANS_SHELL} in the image`;
}

/** Its major version; null where it does not say. */
async function versionOf(name: string): Promise<number | null> {
  const { stdout } = await promisify(execFile)(name, ['--version'], { timeout: VERSION_MS }).catch(() => ({
    stdout: '',
  }));
  const major = /^v?(\d+)\./.exec(stdout.trim())?.[1];
  return major === undefined ? null : Number(major);
}
