import type Dockerode from 'dockerode';
import type { Writer } from '../engine.ts';

/** A running container that has one of these folders mounted to write in, or one in or around it; null where none has. */
export async function writerOf(dockerode: Dockerode, folders: readonly string[]): Promise<Writer | null> {
  if (folders.length === 0) return null;
  for (const { Names, Id, Mounts } of await dockerode.listContainers()) {
    const written = Mounts.filter(({ Type, RW }) => Type === 'bind' && RW);
    const folder = folders.find((one) => written.some(({ Source }) => isWithin(one, Source) || isWithin(Source, one)));
    if (folder !== undefined) return { container: Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12), folder };
  }
  return null;
}

function isWithin(inner: string, outer: string): boolean {
  return `${trimmed(inner)}/`.startsWith(`${trimmed(outer)}/`);
}

function trimmed(folder: string): string {
  return folder.replace(/\/+$/, '');
}
