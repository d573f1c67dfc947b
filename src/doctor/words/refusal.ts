import type { Refusal } from '../machine.ts';

/** What an error said, and its evidence, a line each. */
export function errorTail({ message, detail }: Refusal): string {
  return [message, ...detail].join('\n');
}
