import { CannotRunError } from '../errors.ts';
import type { CompanionOptions } from './companion.ts';
import { readManifest } from './manifest/read-manifest.ts';
import { withSidecars } from './manifest/sidecars.ts';
import type { RunOptions } from './options.ts';
import { type Completed, overFile } from './over-file.ts';

/** Options, and the sidecars of the same manifest that were asked for. */
interface WithSidecars extends Completed {
  readonly sidecars: readonly CompanionOptions[];
}

/** Options that say something about a manifest only. */
const OF_MANIFEST = [
  ['container', '--container', 'chooses one of the containers of a manifest'],
  ['build', '--build', "is built in place of a manifest's image"],
] as const;

/**
 * The options with what their manifest says, if they name one.
 * @throws CannotRunError where a target is named too, where there is no image to run, and all that reading it throws.
 */
export async function withManifest(given: RunOptions): Promise<WithSidecars> {
  const { manifest, target, build } = given;
  if (manifest === undefined) return withoutManifest(given);
  if (target !== undefined) {
    throw new CannotRunError(`run takes a target or a manifest, and was given "${target}" and ${manifest}.`, {
      nextStep:
        build !== undefined || /\.ya?ml$/i.test(target)
          ? 'Leave one of the two out.'
          : `To build ${target} in place of the manifest's image: --manifest ${manifest} --build ${target}`,
    });
  }
  refuseService(given);
  const { container, sidecars } = withSidecars(await readManifest(manifest, given), given.sidecars ?? [], manifest);
  const { options: merged, ...rest } = overFile(given, container);
  // A network that is given is the first sidecar's: the pod has one.
  const { network } = sidecars.length === 0 ? merged : container.options;
  const options: RunOptions = network === undefined ? merged : { ...merged, network };
  // An image that is built here is none to be taken as it is.
  if (build !== undefined) return { options: { ...options, target: build, image: false }, ...rest, sidecars };
  if (options.target !== undefined) return { options, ...rest, sidecars };
  throw new CannotRunError(`The container to run has no image in ${manifest}.`, {
    nextStep: 'Build one from its Dockerfile: --build PATH. Where an overlay or a chart sets it, render that first.',
  });
}

function refuseService({ service, all }: RunOptions): void {
  if (service === undefined && all !== true) return;
  const [option, flag] = service === undefined ? ['all', '--all'] : ['service', '--service'];
  throw new CannotRunError(`${option} (${flag}) is for compose files, and a manifest is given.`, {
    nextStep: 'A container of a manifest is chosen with --container NAME.',
  });
}

function withoutManifest(given: RunOptions): WithSidecars {
  const idle = OF_MANIFEST.find(([key]) => given[key] !== undefined);
  if (idle === undefined) return { options: given, missing: [], filledIn: {}, sidecars: [] };
  const [key, flag, does] = idle;
  throw new CannotRunError(`${key} (${flag}) ${does}, and none is given.`, {
    nextStep: key === 'build' ? 'Name what is built as the target, or add --manifest FILE.' : 'Add --manifest FILE.',
  });
}
