import { ENDING, FLAG, type Ledger } from '../../../src/load/ledger.ts';

/** How many requests of a ledger ended in each way, in the words of the report. */
export type Endings = Readonly<Record<string, number>>;

const WORDS: Readonly<Record<number, string>> = {
  [ENDING.open]: 'never ended',
  [ENDING.answered]: 'completed',
  [ENDING.cutInside]: 'truncated',
  [ENDING.notConnected]: 'refused',
  [ENDING.proxyEnded]: 'refused',
  [ENDING.deadline]: 'timed out',
  [ENDING.fault]: 'not sent',
  [ENDING.streamRefused]: 'refused',
};

export function endingsOf(ledger: Ledger): Endings {
  const counts: Record<string, number> = {};
  for (let row = 0; row < ledger.length; row++) {
    const word = WORDS[ledger.ending[row] ?? ENDING.open] ?? lost(ledger.flags[row] ?? 0);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

/** What the connection's end alone shows: a FIN comes where the request was read, and a reset where it was not. */
function lost(flags: number): string {
  if ((flags & FLAG.reset) !== 0) return 'lost unread';
  return (flags & FLAG.fin) !== 0 ? 'lost after it was read' : 'lost, unknown whether read';
}
