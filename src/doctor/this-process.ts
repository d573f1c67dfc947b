import { openFilesLimit, RESERVED } from '../load/sockets.ts';
import { isNewEnough, NEEDED_NODE } from '../node-version.ts';
import type { FilesFacts, NodeFacts } from './machine.ts';

export function lookAtNode(): NodeFacts {
  return { version: process.version, needed: NEEDED_NODE, isNewEnough: isNewEnough(process.version) };
}

/** Node raises its soft limit to the hard one when it starts: it is this process's own that counts. */
export function lookAtFiles(): FilesFacts {
  const limit = openFilesLimit();
  if (!Number.isFinite(limit)) return { limit: null, connections: null };
  return { limit, connections: Math.max(0, limit - RESERVED) };
}
