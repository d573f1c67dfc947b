import { composeFileOf } from './compose/resolve-compose.ts';
import type { RunOptions } from './options.ts';
import type { Profile } from './plan.ts';

/** The profile of those who ask what an orchestrator makes of an app. Compose has no endpoints and no preStop; an image or a manifest is likely to be a pod's. */
export async function likelyProfile(options: Pick<RunOptions, 'profile' | 'target'>): Promise<Profile> {
  return options.profile ?? ((await composeFileOf(options)) === null ? 'kubernetes' : 'docker');
}
