import { causeOf } from '../../diagnosis/finding.ts';
import type { Series } from '../../repeat/record.ts';
import { costOf, type RunRecord } from '../../result.ts';
import { plural, time, whole } from '../text.ts';
import { whyOf } from '../totals.ts';

const SURE = 0.95;

/** What runs of one plan come to, in a sentence or two: how often it fails first. */
export function repeatSentence(series: Series, runs: readonly RunRecord[]): string {
  if (series.verdict === 'pass') return passed(series);
  const unclear = `${whole(series.inconclusive)} of ${plural(series.runs, 'stop')} could not tell`;
  if (series.verdict === 'inconclusive') return `${unclear}; ${othersText(series)}.`;
  return `${failedText(series, runs)}.${series.inconclusive === 0 ? '' : ` ${unclear}.`}`;
}

function passed({ runs, drainMs, exitedAtMs }: Series): string {
  const drain = drainMs === null ? '' : `; the longest drain took ${time(drainMs.max)}`;
  const exit = exitedAtMs === null ? '' : `${drain === '' ? '; the' : ', the'} longest stop ${time(exitedAtMs.max)}`;
  return `${runs === 1 ? 'The one stop' : `All ${plural(runs, 'stop')}`} lost nothing${drain}${exit}.`;
}

function othersText({ runs, inconclusive }: Series): string {
  const others = runs - inconclusive;
  return others === 0 ? 'none could' : `the other ${others === 1 ? 'one' : whole(others)} lost nothing`;
}

function failedText({ runs: all, failed, losing, killed }: Series, runs: readonly RunRecord[]): string {
  const those = killed < failed ? whole(killed) : failed === 1 ? 'it' : 'each of them';
  const killedText = killed === 0 ? '' : `; SIGKILL ended ${those}`;
  const lost = lossText(runs);
  if (losing === failed) return `${whole(losing)} of ${plural(all, 'stop')} lost ${lost}${killedText}`;
  const other = [
    ...new Set(runs.filter(isOtherFailure).map((run) => whyOf(run)?.code ?? 'for no reason that was found')),
  ];
  const some = losing === 0 ? '' : `, and ${whole(losing)} of these lost ${lost}`;
  return `${whole(failed)} of ${plural(all, 'stop')} failed${some}${killedText}; ${losing === 0 ? 'why' : 'the others'}: ${other.join(', ')}`;
}

function isOtherFailure(run: RunRecord): boolean {
  return run.verdict === 'fail' && costOf(run) === 0;
}

/** `requests, 1 to 4 each`. */
function lossText(runs: readonly RunRecord[]): string {
  const costs = runs.map(costOf).filter((cost) => cost > 0);
  const [least, most] = [Math.min(...costs), Math.max(...costs)];
  const noun = runs.every(({ jobs }) => jobs === null) ? 'request' : 'job';
  if (costs.length === 1) return plural(most, noun);
  return least === most ? `${plural(most, noun)} each` : `${noun}s, ${whole(least)} to ${whole(most)} each`;
}

/** The causes, each with how often it was found and what it means; the most frequent first. */
export function causesText(runs: readonly RunRecord[]): readonly string[] {
  const causes = runs.flatMap((run) => causeOf(run) ?? []);
  const codes = [...new Set(causes.map(({ code }) => code))];
  const counted = codes.map((code) => ({ code, count: causes.filter((one) => one.code === code).length }));
  return counted
    .toSorted((a, b) => b.count - a.count)
    .map(({ code, count }) => `Cause ${code}: in ${whole(count)} of ${plural(runs.length, 'run')}`);
}

/**
 * What so many stops without a loss say of all stops: with a share p of them losing something, n good ones in a row have the
 * probability (1 - p)^n.
 */
export function worthText({ runs, failed, inconclusive }: Series): readonly string[] {
  const good = runs - inconclusive;
  if (failed > 0 || good < 2) return [];
  const share = 1 - (1 - SURE) ** (1 / good);
  return [
    `${whole(good)} good stops in a row leave room for up to ${Math.ceil(share * 100)} % of all stops to fail (at ${SURE * 100} % confidence); more runs leave less.`,
  ];
}
