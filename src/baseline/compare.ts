import type { Series, Spread } from '../repeat/record.ts';
import { time, whole } from '../report/text.ts';
import { chanceOfMore, type Frequency } from './chance.ts';
import { longestTime, mostLost } from './margin.ts';
import type { Regression, RegressionKind } from './record.ts';

/** More often than then, with nothing changed, happens less often than this. */
const RARE = 0.01;

/**
 * What is worse than it was, a sentence each; empty where nothing is. Pure. A series that could not tell is no worse than any:
 * its own verdict says what it is worth.
 */
export function compare(was: Series, is: Series): readonly Regression[] {
  if (is.verdict === 'inconclusive') return [];
  const drain = longer('drain', was, is);
  return [
    ...worseVerdict(was, is),
    ...moreKills(was, is),
    ...moreLost(was, is),
    ...changedCause(was, is),
    // A drain that takes longer makes the whole stop longer: that is told once.
    ...(drain.length > 0 ? drain : longer('stop', was, is)),
  ];
}

function one(kind: RegressionKind, message: string): readonly Regression[] {
  return [{ kind, message }];
}

function worseVerdict(was: Series, is: Series): readonly Regression[] {
  if (is.verdict !== 'fail') return [];
  const now = `is fail${inRuns(is.failed, is.runs)}`;
  if (was.verdict === 'pass') return one('verdict', `The verdict was pass${inRuns(was.runs, was.runs)}, and ${now}.`);
  const then = { times: was.failed, of: was.runs };
  return isMoreOften(then, { times: is.failed, of: is.runs })
    ? one('verdict', `The verdict was fail${inRuns(was.failed, was.runs)}, and ${now}.`)
    : [];
}

function moreKills(was: Series, is: Series): readonly Regression[] {
  const [then, now] = [was, is].map(({ killed, runs }) => ({ times: killed, of: runs }));
  if (then === undefined || now === undefined || now.times === 0) return [];
  if (then.times === 0)
    return one('sigkill', `It ended by itself then, and had to be ended by SIGKILL now${inRuns(now.times, now.of)}.`);
  return isMoreOften(then, now)
    ? one('sigkill', `SIGKILL ended it${inRuns(then.times, then.of)} then, and now${inRuns(now.times, now.of)}.`)
    : [];
}

/** Where it lost nothing, anything is more. How much a stop loses, where it loses, differs from one to the next. */
function moreLost(was: Series, is: Series): readonly Regression[] {
  const now = `${whole(is.lost.max)} at the most${inRuns(is.losing, is.runs)}`;
  if (is.losing === 0) return [];
  if (was.losing === 0) return one('lost', `It lost nothing then, and loses now: ${now}.`);
  if (isMoreOften({ times: was.losing, of: was.runs }, { times: is.losing, of: is.runs }))
    return one('lost', `It lost something${inRuns(was.losing, was.runs)} then, and now${inRuns(is.losing, is.runs)}.`);
  const most = mostLost(was, is);
  return is.lost.median > most
    ? one(
        'lost',
        `It lost ${figure(was.lost.max, 'most', was.runs, whole)} then, and ${figure(is.lost.median, 'median', is.runs, whole)} now; up to ${whole(Math.floor(most))} would pass as the same.`,
      )
    : [];
}

/** The most frequent of now was none of those of then. That the evidence does not decide is no cause. */
function changedCause(was: Series, is: Series): readonly Regression[] {
  const known = ({ causes }: Series): readonly string[] => causes.filter((code) => code !== 'CAUSE_UNCLEAR');
  const [then, [now]] = [known(was), known(is)];
  if (now === undefined || then.length === 0 || then.includes(now)) return [];
  return one('cause', `The cause was ${then.join(', ')}, and is ${now}.`);
}

function longer(what: 'drain' | 'stop', was: Series, is: Series): readonly Regression[] {
  const spread = ({ drainMs, exitedAtMs }: Series): Spread | null => (what === 'drain' ? drainMs : exitedAtMs);
  const [then, now] = [spread(was), spread(is)];
  if (then === null || now === null) return [];
  const most = longestTime(was, is, then);
  if (now.median <= most) return [];
  const [wasText, isText] = [figure(then.max, 'most', was.timed, time), figure(now.median, 'median', is.timed, time)];
  return one(
    what,
    `The ${what} took ${wasText} then, and takes ${isText} now; up to ${time(most)} would pass as the same.`,
  );
}

/** `420 ms`, of several `at the most 420 ms (of 10)` or `420 ms (the median of 10)`. */
function figure(value: number, which: 'most' | 'median', of: number, text: (value: number) => string): string {
  if (of === 1) return text(value);
  return which === 'most' ? `at the most ${text(value)} (of ${of} runs)` : `${text(value)} (the median of ${of} runs)`;
}

function isMoreOften(then: Frequency, now: Frequency): boolean {
  return chanceOfMore(then, now) < RARE;
}

/** ` in 3 of 10 runs`; nothing of a single run. */
function inRuns(times: number, of: number): string {
  if (of === 1) return '';
  return times === of ? ` in all ${whole(of)} runs` : ` in ${whole(times)} of ${whole(of)} runs`;
}
