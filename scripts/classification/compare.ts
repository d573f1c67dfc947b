import type { Judged } from '../../src/load/classify.ts';
import { ENDING, FLAG, type Ledger } from '../../src/load/ledger.ts';
import type { Outcome } from '../../src/load/outcomes.ts';
import type { Ending } from './endings.ts';
import type { Act, Entry, Journal } from './journal.ts';

/** In how many cases what we say agrees with the journal. */
export interface Agreement {
  of: number;
  agree: number;
}

/** A comparison of requests with the journal of the app that they were sent to. */
export interface Comparison {
  requests: number;
  /** Whole answers, by the journal or by us. */
  readonly answered: Agreement;
  /** Lost, and the journal has read them. What is told as unknown without leave counts as a disagreement. */
  readonly lostRead: Agreement;
  /** Lost, and the journal has not. */
  readonly lostUnread: Agreement;
  /** Lost, and told as unknown where the ending allows that. */
  untold: number;
  /**
   * Told as read, and the journal has not, at a SIGKILL: the process had taken the bytes and its code not yet got the
   * request. Node reads one connection at a time, so this may be one request a kill; a second one is a disagreement.
   */
  between: number;
  /** New connections tried after the listener had closed. */
  readonly refused: Agreement;
  /** Anything else that the two contradict each other in, a sentence each. */
  readonly contradictions: string[];
}

/** The two clocks are compared to better than this, microseconds. */
const CLOCK_SLACK_US = 1000;

const WHOLE: Partial<Record<Act, Outcome>> = { answer: 'completed', unavailable: 'rejected' };
const CUT: Partial<Record<Act, Outcome>> = { half: 'truncated', fin: 'lost', reset: 'lost' };
const WHOLE_OUTCOMES: ReadonlySet<Outcome> = new Set(['completed', 'rejected', 'badStatus']);

export function noComparison(): Comparison {
  const none = (): Agreement => ({ of: 0, agree: 0 });
  return {
    requests: 0,
    answered: none(),
    lostRead: none(),
    lostUnread: none(),
    untold: 0,
    between: 0,
    refused: none(),
    contradictions: [],
  };
}

/** What one life of the app left. */
export interface Life {
  readonly ledger: Ledger;
  readonly judged: readonly Judged[];
  readonly journal: Journal;
  readonly ending: Ending;
}

/** Adds what we tell of the requests of one life and what the journal says of them. */
export function compare(into: Comparison, life: Life): void {
  const { ledger, judged, journal } = life;
  const closedUs = closedByOurClock(ledger, journal);
  for (const one of judged) {
    const entry = journal.entries.get(one.row);
    into.requests++;
    compareAnswer(into, one, entry);
    const isLate = closedUs !== null && !one.reused && triedUs(ledger, one.row) > closedUs;
    if (isLate && !entry) add(into.refused, one.outcome === 'refused');
    const contradiction = contradictionOf(one, entry);
    if (contradiction) into.contradictions.push(contradiction);
  }
  compareLosses(into, life);
  into.contradictions.push(...withoutOutcome(ledger));
}

export function addTo(total: Comparison, part: Comparison): void {
  total.requests += part.requests;
  for (const name of ['answered', 'lostRead', 'lostUnread', 'refused'] as const) {
    total[name].of += part[name].of;
    total[name].agree += part[name].agree;
  }
  total.untold += part.untold;
  total.between += part.between;
  total.contradictions.push(...part.contradictions);
}

function compareAnswer({ answered }: Comparison, { outcome }: Judged, entry: Entry | undefined): void {
  const isWhole = WHOLE_OUTCOMES.has(outcome);
  if (!isWhole && !entry?.answered) return;
  // The end may come between the handing over and the note of it; what arrived whole was handed over.
  add(answered, entry !== undefined && entry.handing && outcome === WHOLE[entry.act]);
}

function compareLosses(into: Comparison, { judged, journal, ending }: Life): void {
  let mayBeBetween = ending.signal === 'SIGKILL';
  for (const { row, read } of judged.filter(({ outcome }) => outcome === 'lost')) {
    const truth = journal.entries.has(row) ? 'read' : 'unread';
    const mayBeUnknown = ending.viaProxy === true || (truth === 'read' && ending.readMayBeUnknown === true);
    if (read === 'unknown' && mayBeUnknown) into.untold++;
    else if (read === 'read' && truth === 'unread' && mayBeBetween) {
      mayBeBetween = false;
      into.between++;
    } else add(truth === 'read' ? into.lostRead : into.lostUnread, read === truth);
  }
}

/** Requests that end in none of the eight outcomes: a load that works has none. */
function withoutOutcome({ ending, length }: Ledger): readonly string[] {
  const rows = Array.from({ length }, (_, row) => row);
  return rows
    .filter((row) => ending[row] === ENDING.open || ending[row] === ENDING.fault)
    .map((row) => (ending[row] === ENDING.open ? 'never ended' : 'failed for the harness’s own reasons'));
}

function contradictionOf({ outcome, endUs, sentUs, reused }: Judged, entry: Entry | undefined): string | null {
  const told = `${outcome} after ${endUs - sentUs} µs on a ${reused ? 'reused' : 'fresh'} connection`;
  if (!entry) return outcome === 'truncated' ? `${told}, and the app never read it` : null;
  if (outcome === 'refused') return `${told}, and the app had read it`;
  const cut = CUT[entry.act];
  if (cut !== undefined && outcome !== cut) return `${told}, and the app did ${entry.act}`;
  if (outcome === 'truncated' && cut === undefined && !entry.handing) return `${told}, and no answer had begun`;
  return outcome === 'timedOut' ? told : null;
}

function add(agreement: Agreement, isAgreed: boolean): void {
  agreement.of++;
  if (isAgreed) agreement.agree++;
}

/** When its connection was tried: known where nothing was written; else not before it was due. */
function triedUs(ledger: Ledger, row: number): number {
  return (ledger.has(row, FLAG.sent) ? ledger.scheduledUs[row] : ledger.sentUs[row]) ?? 0;
}

/**
 * When the listener had closed, by the ledger's clock: the journal's is the machine's, and what lies between the two is
 * at most the shortest way from the writing of a request to the reading of it. Null where it never closed.
 */
function closedByOurClock(ledger: Ledger, { entries, listenerClosedUs }: Journal): number | null {
  if (listenerClosedUs === null) return null;
  let offsetUs = Infinity;
  for (const [row, { readUs }] of entries) offsetUs = Math.min(offsetUs, readUs - (ledger.sentUs[row] ?? 0));
  return listenerClosedUs - offsetUs + CLOCK_SLACK_US;
}
