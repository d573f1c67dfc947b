import { classify, type Judged } from '../../src/load/classify.ts';
import { narrowSignal } from '../../src/load/first-effect.ts';
import type { Ledger } from '../../src/load/ledger.ts';
import type { RunRecord } from '../../src/index.ts';

const MAX_ROWS = 40;

/** Why a run ended as it did, a line each: findings, moments, and the requests around the stop that were not answered. */
export function explain(record: RunRecord, ledger: Ledger): readonly string[] {
  const { findings, termination, requests } = record;
  const observation = narrowSignal(record.observation, ledger);
  const { harness, signalByMs, exit, t0Us } = observation;
  const unanswered = classify(ledger, observation).filter(
    ({ outcome, phase }) => outcome !== 'completed' && outcome !== 'refused' && phase !== 'before',
  );
  return [
    ...findings.map(({ code, message }) => `${code}: ${message}`),
    `late p50/p99/max ${Object.values(harness.latenessMs).join('/')} ms, faults ${harness.faults}; signal by ${signalByMs} ms, ` +
      `listener closed ${termination.listenerClosedAtMs} ms, process ended ${exit.processEndedAtMs} ms, ` +
      `die at ${exit.atMs} ms, exit code ${termination.exitCode}; in flight at the signal ${requests.inFlightAtSignal}`,
    ...unanswered.slice(0, MAX_ROWS).map((one) => row(one, ledger, t0Us)),
    ...(unanswered.length > MAX_ROWS ? [`and ${unanswered.length - MAX_ROWS} more`] : []),
  ];
}

/** Times in milliseconds from T0. */
function row({ row, outcome, phase, read, reused, race, sentUs, endUs }: Judged, ledger: Ledger, t0Us: number): string {
  const ms = (us: number): string => ((us - t0Us) / 1000).toFixed(2);
  const times = `due ${ms(ledger.scheduledUs[row] ?? 0)}, written ${ms(sentUs)}, ended ${ms(endUs)}`;
  return `${outcome} ${read} ${reused ? 'reused' : 'fresh'} ${phase}, race ${race}: ${times} (connection ${ledger.connection[row]})`;
}
