import { WITHOUT_START } from '../plan/attach-source.ts';
import { WITHOUT_LOAD, WITHOUT_REQUESTS } from '../plan/work.ts';

/** What one place says, by the flags' names: the command line, a target, the defaults. */
export type Said = ReadonlyMap<string, readonly string[]>;

/** What is run, and what belongs to that alone. */
const SOURCES = ['target', 'manifest', 'attach'];
const OF_SOURCES = [...SOURCES, 'container', 'build', 'service', 'all', 'sidecar', 'image'];
const SINGLE_REQUEST = ['path', 'method', 'header', 'body'];
const OF_GRPC_CALLS = ['path', 'method', 'body', 'requests', 'ready-path'];

/**
 * Whether what stands further away under a name has no place beside what a nearer place says. Nobody means `path` for a worker
 * that gets no requests because the defaults have one; said in one place, the two are a mistake.
 */
export function givesWay(name: string, nearer: Said): boolean {
  const text = (one: string): string | undefined => nearer.get(one)?.at(-1);
  const says = (one: string): boolean => text(one) !== undefined;
  const when = text('when') ?? 'ready';
  return (
    (SOURCES.some(says) && OF_SOURCES.includes(name)) ||
    (says('attach') && WITHOUT_START.includes(name)) ||
    (text('load') === 'none' && WITHOUT_REQUESTS.includes(name)) ||
    (when !== 'ready' && WITHOUT_LOAD.includes(name)) ||
    (says('requests') && SINGLE_REQUEST.includes(name)) ||
    (SINGLE_REQUEST.some(says) && name === 'requests') ||
    (says('grpc') && OF_GRPC_CALLS.includes(name)) ||
    (OF_GRPC_CALLS.some(says) && name === 'grpc')
  );
}
