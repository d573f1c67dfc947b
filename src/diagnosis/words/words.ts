import { CAUSE_WORDS } from './causes.ts';
import { CONSEQUENCE_WORDS } from './consequences.ts';
import { ROLLOUT_WORDS } from './rollout.ts';

/** The sentences of every finding. What they are given is kept beside them as the finding's `args`. */
export const WORDS = { ...CAUSE_WORDS, ...CONSEQUENCE_WORDS, ...ROLLOUT_WORDS } as const;

/** Where the Dockerfile says what a cause lies in: `Dockerfile:12`. */
export function whereItSays(instruction: string, at: string): string {
  return `${instruction} is at ${at}.`;
}
