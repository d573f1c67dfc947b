import { readFileSync } from 'node:fs';

/** What the app does with a request. */
export type Act = 'answer' | 'unavailable' | 'half' | 'fin' | 'reset';

/** What the app's journal says of one request. */
export interface Entry {
  readonly act: Act;
  /** Microseconds of the machine's monotonic clock. */
  readonly readUs: number;
  /** It began to hand the whole answer over. */
  readonly handing: boolean;
  /** It had handed the whole answer over. */
  readonly answered: boolean;
}

export interface Journal {
  /** By the request's row in the ledger. A row that is not there was not read. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** When the listener had been closed, microseconds of the machine's monotonic clock; null where it never was. */
  readonly listenerClosedUs: number | null;
}

/** Reads a journal of `sample-apps/journal`. A line that the end of its writer cut short does not count. */
export function readJournal(file: string): Journal {
  const entries = new Map<number, Entry>();
  let listenerClosedUs: number | null = null;
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const [event, id, us, act] = line.split(' ');
    const row = Number(id);
    const entry = entries.get(row);
    if (event === 'c') listenerClosedUs = Number(us);
    else if (event === 'r') {
      if (entry) throw new Error(`request ${id} was read twice`);
      entries.set(row, { act: act as Act, readUs: Number(us), handing: false, answered: false });
    } else if (entry) entries.set(row, { ...entry, handing: true, answered: entry.answered || event === 'a' });
  }
  return { entries, listenerClosedUs };
}
