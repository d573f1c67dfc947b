import { imageContainer } from './container.ts';
import type { FilledIn } from './filled-in.ts';
import { resolveImage, type WithTarget } from './image-source.ts';
import type { CompanionPlan, Missing } from './plan.ts';

/** What a file says of a container that runs beside the target. */
export interface CompanionOptions extends Pick<CompanionPlan, 'name' | 'role' | 'waitFor'> {
  readonly options: WithTarget;
  readonly filledIn?: FilledIn;
  /** What it is called by the others. */
  readonly aliases: readonly string[];
}

/**
 * How a companion is run.
 * @param network that the user names; the companion joins it where its file puts it on no other
 * @throws CannotRunError for an image that cannot be one.
 */
export async function companionPlan(
  { name, role, waitFor, options, filledIn = {}, aliases }: CompanionOptions,
  network: string | undefined,
): Promise<CompanionPlan> {
  const own = imageContainer(options);
  const container = { ...own, filledIn, aliases, port: null, network: own.network ?? network ?? null };
  return { name, role, waitFor, image: await resolveImage(options), container };
}

/** What a companion misses, told beside what the target does. Nothing that is given on the command line reaches it. */
export function missingOf(name: string, missing: readonly Missing[]): readonly Missing[] {
  return missing.map(({ what }) => ({ what: `${what}, of ${name}`, flag: null }));
}
