import { join } from 'node:path';

import type { Ledger } from '../load/ledger.ts';
import type { Progress } from '../progress.ts';
import type { Result } from '../result.ts';
import type { Rollout } from '../rollout.ts';
import type { Run } from '../run.ts';
import type { Output } from './output.ts';

/**
 * Follows scenarios that run side by side: says how each went, and saves each in `folder` as soon as it is done, so
 * that a crash keeps it.
 */
export function keepEach(output: Output, folder: string, of: number) {
  const running = new Set<string>();
  const ledgers = new Map<string, Ledger>();
  const showStatus = (): void => output.live.show(`${ledgers.size} of ${of} done, running ${[...running].join(', ')}`);

  const onProgress = (scenario: string, progress: Progress): void => {
    // Figures of many loads at once would only flicker.
    if (progress.kind === 'load') return;
    output.live.onProgress({ kind: 'detail', text: `${scenario}: ${progress.text}` });
    if (progress.kind === 'stage' && progress.stage !== 'done') running.add(scenario);
    showStatus();
  };

  const onScenario = async ({ record, ledger }: Run | Rollout, result: Result): Promise<void> => {
    const name = record.scenario ?? '';
    running.delete(name);
    ledgers.set(name, ledger);
    const asExpected = record.asExpected === false ? 'NOT as expected' : 'as expected';
    showStatus();
    output.live.say(`${ledgers.size}/${of} ${name}: ${record.verdict}, ${asExpected}`);
    await output.save({ result, ledgers: [ledger] }, join(folder, `${name}.json`));
  };

  return { onProgress, onScenario, ledgers };
}
