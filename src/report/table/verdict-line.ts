import type { Outcome } from '../../load/outcomes.ts';
import { stopperOf } from '../../plan/terms.ts';
import type { RunRecord, Verdict } from '../../result.ts';
import { exitCodeOf } from '../../signals.ts';
import { isServed } from '../../verdict.ts';
import { type Look, paint } from '../look.ts';
import { paragraph, period, plural, time, whole } from '../text.ts';
import { doubtOf, inFlightTotals, overLimits, racedByStop } from '../totals.ts';
import { unloadedOf } from './unloaded.ts';

const STYLES = { pass: ['bold', 'green'], fail: ['bold', 'red'], inconclusive: ['bold', 'yellow'] } as const;

/** The verdict and one sentence, before anything else. */
export function verdictLine(run: RunRecord, look: Look): string {
  const word = run.verdict.toUpperCase();
  const text = paragraph(verdictSentence(run), look.width, `${word}  `);
  return paintVerdict(look, run.verdict, text.slice(0, word.length)) + text.slice(word.length);
}

/** A text in the verdict's own colour. */
export function paintVerdict(look: Look, verdict: Verdict, text: string): string {
  return paint(look, [...STYLES[verdict]], text);
}

/** What there is to say of a run in one breath. */
export function verdictSentence(run: RunRecord): string {
  const unloaded = unloadedOf(run);
  if (run.verdict === 'pass') return unloaded?.passed ?? passed(run);
  return run.verdict === 'fail' ? (unloaded?.failed ?? failed(run)) : unclear(run);
}

function passed(run: RunRecord): string {
  const { termination } = run;
  const raced = racedByStop(run);
  const served = servedText(run);
  const race = raced > 0 ? ` ${plural(raced, 'request')} crossed with the closing, unread (see the warnings).` : '';
  const allowed = allowedText(run);
  return `${served}, and it exited with code ${termination.exitCode ?? 'unknown'}${after(termination.exitedAtMs)}.${race}${allowed}`;
}

/** What was turned away and should have been served, where so many may be. */
function allowedText({ findings }: RunRecord): string {
  const allowed = findings.find(({ code, severity }) => code === 'REJECTED_IN_FLIGHT' && severity === 'info');
  return allowed === undefined ? '' : ` ${allowed.message}`;
}

function servedText({ requests, observation, termination, plan }: RunRecord): string {
  const { all, answered } = inFlightTotals(requests);
  if (all === 0 && plan.resolved.profile === 'kubernetes') return servedBeforeSignal(requests, termination);
  const parked = observation.parking.requests.filter((one) => isServed(one, observation)).length;
  // Where nothing else was in flight, what was parked is what the run rests on.
  if (all === 0 && parked > 0) return `${plural(parked, 'request')} parked across the signal ${were(parked)} answered`;
  if (answered < all) return `${whole(answered)} of ${plural(all, 'request')} in flight at the signal were answered`;
  return `${all === 1 ? 'The request' : `All ${plural(all, 'request')}`} in flight at the signal ${were(all)} answered`;
}

/** Nothing was in flight any more when the signal came: with the routing over, and time to answer, it need not be. */
function servedBeforeSignal({ byPhase }: RunRecord['requests'], { signals }: RunRecord['termination']): string {
  const count = byPhase.preStop.completed;
  return `${count === 1 ? 'The request' : `All ${plural(count, 'request')}`} since the stop began ${were(count)} answered${signals.length === 0 ? '' : ' before the signal'}`;
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function after(exitedAtMs: number | null): string {
  return exitedAtMs === null ? '' : ` after ${time(exitedAtMs)}`;
}

function failed(run: RunRecord): string {
  const { requests, termination, plan } = run;
  const lost = requests.heldAgainst;
  const beside = failedBeside(run);
  const exit = `exit code ${termination.exitCode ?? 'unknown'}`;
  const cost = `The stop cost ${plural(lost, 'request')} of ${whole(requests.sent)} sent${partsOf(requests)}`;
  const counted = lost > 0 ? cost : (beside ?? unheld(requests));
  if (termination.sigkillFired === true) {
    const joint = lost > 0 || beside !== null ? ', and' : ', but';
    return `${counted}${joint} ${stopperOf(plan.resolved)} had to SIGKILL it after the grace period of ${period(plan.graceMs)}.`;
  }
  if (lost > 0) return `${counted}${bySigkill(run)}; ${exit}.`;
  if (beside !== null) return `${counted}; ${exit}.`;
  const over = overLimits(run);
  return over === null ? `${counted}, but ${exit} is not an accepted one.` : `${counted}, but ${over}; ${exit}.`;
}

/**
 * What the cost is made of, where it is of several kinds and the counts tell: ` (51 answered with an error, 2 cut off)`. Refusals
 * and what the app never read are part of it or are not.
 */
function partsOf({ byPhase, heldAgainst, lostUnread }: RunRecord['requests']): string {
  const since = [byPhase.preStop, byPhase.inFlight, byPhase.after];
  const count = (...outcomes: readonly Outcome[]): number =>
    since.reduce((sum, counts) => sum + outcomes.reduce((all, outcome) => all + counts[outcome], 0), 0);
  const cut = count('lost', 'truncated');
  const made = [0, lostUnread].flatMap((excused) =>
    [0, count('refused')].map((refused) => [
      { count: count('badStatus', 'rejected'), how: 'answered with an error' },
      { count: cut - excused, how: 'cut off' },
      { count: count('timedOut'), how: 'not answered in time' },
      { count: refused, how: 'refused' },
    ]),
  );
  const held = made.find((parts) => parts.reduce((sum, part) => sum + part.count, 0) === heldAgainst) ?? [];
  const shown = held.filter((part) => part.count > 0);
  return shown.length < 2 ? '' : ` (${shown.map((part) => `${whole(part.count)} ${part.how}`).join(', ')})`;
}

/** Whose SIGKILL it was, where the stop did not have to send one for being late. */
function bySigkill({ termination, target }: RunRecord): string {
  if (target.stopSignal === 'SIGKILL') return ', by SIGKILL, which is its stop signal';
  const isLogged = termination.signals.some(({ signal }) => signal === 'SIGKILL');
  return isLogged || termination.exitCode === exitCodeOf('SIGKILL') ? '' : ', without any SIGKILL';
}

/** What went wrong beside the load's own requests, of which none was lost; null where nothing did. */
function failedBeside({ findings }: RunRecord): string | null {
  const held = findings.find(({ code }) => code === 'HELD_CUT')?.args['held'];
  const parked = findings.find(({ code }) => code === 'PARKED_LOST')?.args;
  const cut = Array.isArray(held) ? held.length : 0;
  const statuses = parked?.['statuses'];
  const failedParked = Number(parked?.['cut'] ?? 0) + (Array.isArray(statuses) ? statuses.length : 0);
  const gone = findings.find(({ code }) => code === 'REFUSED_WHILE_ROUTED')?.args['goneAtMs'];
  const parts = [
    typeof gone === 'number' ? `it was gone ${time(gone)} after the stop began, with traffic still routed to it` : '',
    cut > 0 ? `${plural(cut, 'held connection')} ${were(cut)} cut off` : '',
    failedParked > 0 ? `${plural(failedParked, 'parked request')} failed` : '',
  ].filter(Boolean);
  return parts.length === 0 ? null : `No request of the load was lost, but ${parts.join(', and ')}`;
}

function unclear(run: RunRecord): string {
  return doubtOf(run)?.message ?? 'This run could not tell whether the stop loses anything.';
}

/** Nothing held against the app is not always nothing lost. */
function unheld({ byPhase }: RunRecord['requests']): string {
  const failed = [byPhase.inFlight, byPhase.after].some(
    ({ lost, truncated, badStatus, timedOut, ambiguous }) => lost + truncated + badStatus + timedOut + ambiguous > 0,
  );
  return failed ? 'No request counts against it (see below)' : 'Nothing was lost';
}
