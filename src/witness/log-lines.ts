import type { LogLine } from '../engines/engine.ts';

/** Lines of output that are kept, the newest. */
const MAX_NEWEST = 500;
/** Lines that match a pattern of the user's are kept longer than those, so many. */
const MAX_MATCHING = 200;

/** Output as it comes, without more of it than is worth its memory. */
export interface LogLines<Line extends LogLine> {
  /** Oldest first. */
  readonly lines: readonly Line[];
  readonly dropped: number;
  add(line: Line): void;
}

/** Keeps the newest lines and, of the older ones, those that match one of the patterns. */
export function keepLogLines<Line extends LogLine>(patterns: readonly string[]): LogLines<Line> {
  const matches = logMatcher(patterns);
  const older: Line[] = [];
  const newest: Line[] = [];
  let dropped = 0;
  return {
    get lines() {
      return [...older, ...newest];
    },
    get dropped() {
      return dropped;
    },
    add(line) {
      newest.push(line);
      const oldest = newest.length > MAX_NEWEST ? newest.shift() : undefined;
      if (oldest === undefined) return;
      if (older.length < MAX_MATCHING && matches(oldest)) older.push(oldest);
      else dropped++;
    },
  };
}

/** Tells whether a line matches one of these regular expressions of JavaScript's. */
export function logMatcher(patterns: readonly string[]): (line: Pick<LogLine, 'text'>) => boolean {
  const expressions = patterns.map((pattern) => new RegExp(pattern, 'u'));
  return ({ text }) => expressions.some((expression) => expression.test(text));
}
