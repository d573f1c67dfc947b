import path from 'node:path/posix';

import type Dockerode from 'dockerode';
import { firstInTar, tarFolder } from '../../image/tar.ts';

const BLOCK = 512;
/** What an engine makes where the image has no such folder: root's, and nobody else's to write in. */
const ENGINES_OWN = { uid: 0, mode: 0o755 };
/** The kubelet's emptyDir. Whoever runs the app may write there. */
const FOR_ALL = 0o777;

/**
 * Lets everybody write in a new container's empty volumes, where the engine would let root alone: an app that runs as
 * another user has them from Kubernetes so. What the image has made of the folder stays.
 */
export async function openEmptyVolumes(container: Dockerode.Container, targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    const { uid, mode } = firstInTar(await beginningOf(await container.getArchive({ path: target })));
    const isEnginesOwn = uid === ENGINES_OWN.uid && (mode & 0o7777) === ENGINES_OWN.mode;
    // An archive that names the folder `.` would leave its mode as it is.
    const folder = tarFolder(`${path.basename(target)}/`, FOR_ALL);
    if (isEnginesOwn) await container.putArchive(folder, { path: path.dirname(target) });
  }
}

/** The header of what an archive begins with; the rest is not waited for. */
async function beginningOf(archive: NodeJS.ReadableStream): Promise<Buffer> {
  const read: Buffer[] = [];
  // Leaving the loop ends the stream.
  for await (const chunk of archive) {
    read.push(chunk as Buffer);
    if (Buffer.concat(read).length >= BLOCK) break;
  }
  return Buffer.concat(read);
}
