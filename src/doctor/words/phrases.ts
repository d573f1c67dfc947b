import type { Unanswered } from '../machine.ts';

/** Something that gave no answer in time. */
export function silence({ afterMs }: Unanswered): string {
  return `No answer in ${afterMs / 1_000} s.`;
}
