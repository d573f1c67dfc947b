import type { Look } from '../report/look.ts';
import { renderReport } from '../report/table/table.ts';
import type { Result } from '../result.ts';
import { checkInTest } from './check.ts';
import { judgeExit, judgeGraceful, type Judgement, judgeLossless } from './judge.ts';
import type { CheckOptions } from './subject.ts';
import type { TestTask } from './time-limit.ts';

/** What is read of vitest's own state of a matcher. */
interface MatcherState {
  readonly isNot: boolean;
  readonly utils: { readonly RECEIVED_COLOR: (text: string) => string };
  readonly task?: TestTask | undefined;
}

interface Outcome {
  readonly pass: boolean;
  readonly message: () => string;
}

/** Columns of a report in a message; what the worker of a test runner writes to has no width. */
const WIDTH = 80;

/** For `expect.extend()`. */
export const MATCHERS = {
  async toShutDownGracefully(this: MatcherState, subject: unknown, options?: CheckOptions): Promise<Outcome> {
    const { result } = await checkInTest(subject, options, this.task);
    const judgement = judgeGraceful(result);
    const look = lookOf(this);
    // Its first line says the same.
    if (!this.isNot) return { pass: judgement.holds === 'yes', message: () => renderReport(result, look) };
    return outcomeOf(judgement, result, this);
  },

  async toLoseNothing(this: MatcherState, subject: unknown, options?: CheckOptions): Promise<Outcome> {
    const { result } = await checkInTest(subject, options, this.task);
    return outcomeOf(judgeLossless(result), result, this);
  },

  async toExitWith(this: MatcherState, subject: unknown, code: number, options?: CheckOptions): Promise<Outcome> {
    const { result } = await checkInTest(subject, options, this.task);
    return outcomeOf(judgeExit(result, code), result, this);
  },
};

/** Neither an expectation nor its opposite holds where the run could not tell. */
function outcomeOf({ holds, sentence }: Judgement, result: Result, state: MatcherState): Outcome {
  return {
    pass: holds === 'unclear' ? state.isNot : holds === 'yes',
    message: () => `${sentence}\n\n${renderReport(result, lookOf(state))}`,
  };
}

/** Coloured where vitest's own messages are. */
function lookOf({ utils }: MatcherState): Look {
  return { color: utils.RECEIVED_COLOR('x') !== 'x', width: WIDTH, unicode: true };
}
