import { CannotRunError } from '../../errors.ts';
import type { CompanionOptions } from '../companion.ts';
import { missingOf } from '../companion.ts';
import type { FromFile } from '../from-file.ts';
import { nearest } from '../nearest.ts';
import type { Missing } from '../plan.ts';
import type { Manifest, Sidecar } from './read-manifest.ts';

/** A container with the sidecars that were asked for. */
export interface Pod {
  readonly container: FromFile;
  /** In the manifest's order, whatever the order that they are named in. */
  readonly sidecars: readonly CompanionOptions[];
}

/**
 * The container of a manifest with the sidecars of these names beside it. As in a pod all of them have one network, which
 * the first sidecar brings.
 * @throws CannotRunError for a name that is no native sidecar's, and for one without an image.
 */
export function withSidecars({ container, sidecars }: Manifest, names: readonly string[], file: string): Pod {
  for (const name of names) assertSidecar(name, sidecars, file);
  const asked = sidecars.filter(({ name }) => names.includes(name));
  const [first] = asked;
  if (first === undefined) return { container, sidecars: [] };
  const shared = `service:${first.name}`;
  const missing = container.missing.filter(({ flag }) => !asked.some(({ name }) => flag === `--sidecar ${name}`));
  return {
    container: {
      ...container,
      options: { ...container.options, network: shared },
      missing: [...missing, ...asked.flatMap(missingBeside)],
    },
    sidecars: asked.map((one) => companionOf(one, one === first ? {} : { network: shared }, file)),
  };
}

function companionOf({ name, from }: Sidecar, placed: { readonly network?: string }, file: string): CompanionOptions {
  const { target } = from.options;
  if (target === undefined) throw new CannotRunError(`The sidecar "${name}" has no image in ${file}.`);
  const options = { ...from.options, ...placed, target };
  const { filledIn = {} } = from;
  return { name, role: 'sidecar', waitFor: 'started', options, filledIn, aliases: [] };
}

function missingBeside({ name, from }: Sidecar): readonly Missing[] {
  const hook: Missing = { what: 'the preStop hook', flag: null };
  return missingOf(name, from.options.preStop === undefined ? from.missing : [...from.missing, hook]);
}

function assertSidecar(name: string, sidecars: readonly Sidecar[], file: string): void {
  const known = sidecars.map((one) => one.name);
  if (known.includes(name)) return;
  const meant = nearest(name, known);
  throw new CannotRunError(
    `${file} has no sidecar "${name}" beside the container (--sidecar).${meant === null ? '' : ` Did you mean ${meant}?`}`,
    {
      nextStep:
        known.length === 0
          ? 'A sidecar is an init container with `restartPolicy: Always`; it has none.'
          : `Its sidecars are ${known.join(', ')}.`,
    },
  );
}
