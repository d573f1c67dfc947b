import { stat } from 'node:fs/promises';
import type { Engine } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import type { ContainerPlan, Plan } from '../plan/plan.ts';

/**
 * Two databases on one folder destroy each other's files, and each takes the other for dead: no service of a file is started
 * on a folder that a running container writes in.
 *
 * @throws CannotRunError that names the folder and the container.
 */
export async function assertFoldersFree(engine: Engine, { service, container, companions }: Plan): Promise<void> {
  if (service === null) return;
  const sources = [container, ...companions.map((one) => one.container)].flatMap(writableSources);
  const writer = await engine.writerOf(await foldersAmong(sources));
  if (writer === null) return;
  throw new CannotRunError(
    `The container ${writer.container} runs and writes in ${writer.folder}, which a service of this file has to write in too.`,
    {
      nextStep: [
        `Stop it first: docker stop ${writer.container}`,
        'Or leave what the service depends on where it runs, with --network and the name of its network (`docker network ls`).',
      ].join('\n'),
    },
  );
}

/** Whether a container may write in folders of its host. */
export function writes(container: ContainerPlan): boolean {
  return writableSources(container).length > 0;
}

function writableSources({ volumes }: ContainerPlan): readonly string[] {
  return volumes.flatMap((volume) => {
    const [source = '', target, mode = ''] = volume.split(':');
    const isReadOnly = mode.split(',').includes('ro');
    return target === undefined || isReadOnly || !source.startsWith('/') ? [] : [source];
  });
}

/** Files are settings mostly, and sockets. What is not there yet becomes a folder. */
async function foldersAmong(sources: readonly string[]): Promise<readonly string[]> {
  const kinds = await Promise.all(
    sources.map(
      async (source) =>
        await stat(source).then(
          (found) => found.isDirectory(),
          () => true,
        ),
    ),
  );
  return sources.filter((_, nth) => kinds[nth]);
}
