/*
 * The program's own load for a while, whatever the server does meanwhile. Tells that it has started, then how every
 * request ended. The argument is a PlainLoad as JSON.
 */
import { setTimeout as delay } from 'node:timers/promises';

import { endingsOf } from '../clients/endings.ts';
import { latenessOf, loadOn } from '../clients/ours.ts';
import type { PlainLoad, PlainLoadResult } from '../jobs.ts';

const SETTLE_MS = 20_000;

process.on('disconnect', () => process.exit());
const { port, pooled, send, forMs } = JSON.parse(process.argv[2] ?? 'null') as PlainLoad;
const load = loadOn(port, pooled ? 'pooled' : 'both');
if ('ratePerSecond' in send) load.start(send.ratePerSecond, 0);
else load.keepOpen(send.atOnce);
process.send?.('started');
await delay(forMs);
load.stop();
await load.settled(SETTLE_MS);
const result: PlainLoadResult = {
  endings: endingsOf(load.ledger),
  scheduled: load.ledger.length,
  faults: load.faults,
  firstFault: load.firstFault,
  lateness: latenessOf(load),
};
await load.finish(0);
process.send?.(result, () => process.exit());
