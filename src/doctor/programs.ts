import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { INITS } from '../engines/namespace/command-line.ts';
import { findWay } from '../engines/namespace/connect.ts';
import { canHaveOwnNetwork } from '../engines/namespace/own-network.ts';
import { findProgram } from '../engines/namespace/programs.ts';
import { balancerFile } from '../plan/balancer.ts';
import { LIMIT_MS, refusalOf } from './bounded.ts';
import type { NamespaceFacts, ProgramFacts } from './machine.ts';

/** Whether a command can be checked: a namespace is made, and `true` run in it. Never throws. */
export async function lookAtNamespaces(): Promise<NamespaceFacts> {
  try {
    const [way, ownNetwork] = await Promise.all([findWay(), canHaveOwnNetwork()]);
    return { kind: 'can', way, ownNetwork };
  } catch (error) {
    return { kind: 'cannot', ...refusalOf(error) };
  }
}

/** The programs that some checks take. Never throws. */
export async function lookAtPrograms(): Promise<Omit<ProgramFacts, 'engineInit'>> {
  const init = INITS.find((name) => findProgram(name, process.env, process.cwd()).kind === 'found') ?? null;
  const file = balancerFile('haproxy');
  return { init, haproxy: file === null ? null : { file, version: await versionOf(file) } };
}

async function versionOf(file: string): Promise<string | null> {
  return await promisify(execFile)(file, ['-v'], { timeout: LIMIT_MS }).then(
    ({ stdout }) => /\d+\.\d+[\w.]*/.exec(stdout)?.[0] ?? null,
    () => null,
  );
}
