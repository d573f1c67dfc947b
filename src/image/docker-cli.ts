import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** The docker CLI on PATH, or null. */
export async function findDockerCli(searchPath = process.env['PATH'] ?? ''): Promise<string | null> {
  const name = process.platform === 'win32' ? 'docker.exe' : 'docker';
  for (const folder of searchPath.split(path.delimiter)) {
    const file = path.join(folder || '.', name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

/** The CLI's major version (`Docker version 28.2.2, build e6534b4`), or null where it does not say. */
export async function cliMajorVersion(cli: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(cli, ['--version'], { timeout: 5_000 });
    const major = /version (\d+)\./i.exec(stdout)?.[1];
    return major === undefined ? null : Number(major);
  } catch {
    return null;
  }
}
