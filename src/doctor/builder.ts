import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findDockerCli } from '../image/docker-cli.ts';
import { LIMIT_MS } from './bounded.ts';
import type { BuilderFacts } from './machine.ts';

/** The CLI builds with BuildKit unasked from here on, through its plugin buildx. */
const BUILDKIT_SINCE = 23;

/** What a Dockerfile would be built with, and what a compose file be read with. Never throws. */
export async function lookAtBuilder(): Promise<BuilderFacts> {
  const cli = await findDockerCli();
  const asked = process.env['DOCKER_BUILDKIT'] ?? null;
  if (cli === null) return { cli, cliVersion: null, buildx: null, builder: 'legacy', asked, compose: null };
  const [cliVersion, buildx, compose] = await Promise.all([
    versionOf(cli, ['--version']),
    versionOf(cli, ['buildx', 'version']),
    versionOf(cli, ['compose', 'version']),
  ]);
  const builder = builderOf(Number(cliVersion?.split('.')[0] ?? 0), buildx !== null, asked);
  return { cli, cliVersion, buildx, builder, asked, compose };
}

/** Until buildx was a plugin the CLI had BuildKit in itself, and used it when told to: this program does, where it has to. */
function builderOf(major: number, hasBuildx: boolean, asked: string | null): BuilderFacts['builder'] {
  if (asked === '0' || asked === 'false') return 'legacy';
  return hasBuildx || (major > 0 && major < BUILDKIT_SINCE) ? 'buildkit' : 'legacy';
}

/** Null where it is not there, or says none. */
async function versionOf(cli: string, args: readonly string[]): Promise<string | null> {
  return await promisify(execFile)(cli, [...args], { timeout: LIMIT_MS }).then(
    ({ stdout }) => /\d+\.\d+[\w.+-]*/.exec(stdout)?.[0] ?? null,
    () => null,
  );
}
