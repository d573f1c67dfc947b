import type { ProcessFacts } from '../engines/engine.ts';
import { signalName, signalNumber } from '../signals.ts';
import { programName } from './processes.ts';

/** dumb-init's `-r 15:3`, `-r15:3`, `--rewrite 15:3` and `--rewrite=15:3`, from its own command line; 0 is none. */
const REWRITE = /\s(?:-r|--rewrite[\s=])\s*(\d+):(\d+)(?=\s|$)/g;

/** What an init passes on in a signal's place; `null`: nothing. */
export type PassedOn = { readonly signal: string | null };

/**
 * What becomes of a signal on its way through these processes, where one of them is an init that its command line tells
 * to pass on another; null where nothing does. Source: dumb-init's "Signal rewriting".
 */
export function rewrittenBy(above: readonly Pick<ProcessFacts, 'command'>[], signal: string): PassedOn | null {
  const init = above.find((process) => programName(process) === 'dumb-init');
  const [own = ''] = init?.command.split(' -- ') ?? [];
  const rewrites = [...own.matchAll(REWRITE)];
  const [, , to] = rewrites.find(([, from]) => Number(from) === signalNumber(signal)) ?? [];
  if (to === undefined || Number(to) === signalNumber(signal)) return null;
  return { signal: Number(to) === 0 ? null : signalName(to) };
}
