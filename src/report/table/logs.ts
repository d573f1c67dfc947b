import type { Observation, TimedLogLine } from '../../observation.ts';
import type { RunRecord } from '../../result.ts';
import { logMatcher } from '../../witness/log-lines.ts';
import { type Look, heading } from '../look.ts';
import { cut, harmless, plural, time, whole } from '../text.ts';

const LAST_LINES = 10;
const BEFORE_SIGNAL = 3;
const AFTER_SIGNAL = 5;
const MAX_MATCHES = 10;

/** Lines that `--log-match` asked for; `shown` are those for which there is room. */
interface LogMatches {
  readonly shown: readonly TimedLogLine[];
  readonly all: number;
}

/** What matched, from the stop on first; where that leaves room, the last ones before it too. */
export function logMatches({ logs, plan }: Observation): LogMatches {
  const matching = logs.filter(logMatcher(plan.logMatch));
  const fromStop = matching.filter(({ atMs }) => atMs < 0).length;
  const from = Math.max(0, Math.min(fromStop, matching.length - MAX_MATCHES));
  return { shown: matching.slice(from, from + MAX_MATCHES), all: matching.length };
}

/** The app's own messages that the user wanted to see on the timeline. */
export function logMatchLines({ observation }: RunRecord, look: Look): readonly string[] {
  const { plan } = observation;
  if (plan.logMatch.length === 0) return [];
  const { shown, all } = logMatches(observation);
  const more = all > shown.length ? `  (${whole(all - shown.length)} more not shown)` : '';
  const none = cut(`  No line matched ${harmless(plan.logMatch.join(', '))}.`, look.width);
  const lines = shown.length === 0 ? [none] : shown.map((line) => lineText(line, look));
  return [`${heading(look, 'Log matches')}${more}`, ...lines];
}

/** Output right before and right after the signal: worth its room only where something went wrong. */
export function signalOutputLines(run: RunRecord, look: Look): readonly string[] {
  const { logs, target } = run.observation;
  const { aroundFrom, signalAt, aroundBy } = partsOf(run.observation);
  if (run.verdict !== 'fail' || aroundFrom >= aroundBy) return [];
  const before = logs.slice(aroundFrom, Math.min(signalAt, aroundBy));
  const after = logs.slice(signalAt, aroundBy);
  return [
    heading(look, 'Output around the signal'),
    ...before.map((line) => lineText(line, look)),
    `${' '.repeat(12)}(${target.stopSignal})`,
    ...after.map((line) => lineText(line, look)),
  ];
}

/** The end of the target's output, likewise, without what is shown around the signal. */
export function lastOutputLines({ verdict, observation }: RunRecord, look: Look): readonly string[] {
  const { logs, logLinesDropped } = observation;
  if (verdict !== 'fail' || logs.length === 0) return [];
  const { lastFrom, aroundFrom, aroundBy } = partsOf(observation);
  const more = lastFrom + logLinesDropped - Math.max(0, aroundBy - aroundFrom);
  const title = `${heading(look, 'Last output')}${more > 0 ? `  (${plural(more, 'earlier line')} not shown)` : ''}`;
  return [title, ...logs.slice(lastFrom).map((line) => lineText(line, look))];
}

/** Where the parts that are shown begin and end: indexes of lines, each `By` one past the last. */
function partsOf({ logs, signalFromMs }: Observation) {
  const lastFrom = Math.max(0, logs.length - LAST_LINES);
  const signalAt = logs.filter(({ atMs }) => atMs <= signalFromMs).length;
  return {
    lastFrom,
    signalAt,
    aroundFrom: Math.max(0, signalAt - BEFORE_SIGNAL),
    aroundBy: Math.min(signalAt + AFTER_SIGNAL, lastFrom),
  };
}

function lineText({ atMs, text }: TimedLogLine, look: Look): string {
  return cut(`  ${time(atMs).padStart(8)}  ${harmless(text)}`, look.width);
}
