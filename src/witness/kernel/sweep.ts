import { readdir } from 'node:fs/promises';

import { hasEnded } from '../../owner.ts';
import { makerOf, removeInstance } from './instance.ts';
import { countsLikeTheKernel, findTracefs } from './tracefs.ts';

/** Removes the instances of runs that have ended without a chance to do it themselves. Never throws. */
export async function removeOrphanedInstances(): Promise<void> {
  // Where numbers differ, a living owner would look dead.
  if (!countsLikeTheKernel()) return;
  const folder = await findTracefs().then(
    (tracefs) => `${tracefs}/instances`,
    () => null,
  );
  if (folder === null) return;
  const names = await readdir(folder).catch(() => []);
  const orphans = names.filter((name) => {
    const maker = makerOf(name);
    return maker !== null && hasEnded(maker);
  });
  await Promise.all(orphans.map((name) => removeInstance(`${folder}/${name}`)));
}
