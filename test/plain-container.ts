import { commonContainer } from '../src/plan/container.ts';

/** What is asked of a container, or of a command, where nothing is. */
export const PLAIN = commonContainer({});
