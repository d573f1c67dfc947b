import type { FilledIn } from './filled-in.ts';
import type { RunOptions } from './options.ts';
import type { Missing } from './plan.ts';

/** What a file that others wrote (a manifest, a compose file) says of how one container is run and stopped. */
export interface FromFile {
  /** Every option that the file has something to say about; flags go over them. */
  readonly options: Partial<RunOptions>;
  /** What it asks for besides, and a run of this container alone has not. */
  readonly missing: readonly Missing[];
  /** What its command was filled in with, other than what stands in the file for all to read; absent for nothing. */
  readonly filledIn?: FilledIn;
}
