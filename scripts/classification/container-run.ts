import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { connectDocker } from '../../src/engines/docker/connect.ts';
import { classify } from '../../src/load/classify.ts';
import { resolvePlan } from '../../src/plan/resolve.ts';
import { runOn } from '../../src/run.ts';
import type { Life } from './compare.ts';
import type { Ending } from './endings.ts';
import { readJournal } from './journal.ts';
import { type Demand, REQUEST_ID_HEADER } from './process-run.ts';
import { throughPublishedPort } from './published-port.ts';

/** Runs the journal's app in a container, by the library's own run, and stops it through the engine. */
export async function runContainer(
  ending: Ending,
  { ratePerSecond, connections, durationMs }: Demand,
  buildArgs: Readonly<Record<string, string>>,
): Promise<Life> {
  const folder = await mkdtemp(path.join(tmpdir(), 'journal-'));
  try {
    await using engine = await connectDocker();
    const plan = await resolvePlan({
      target: 'sample-apps/journal',
      buildArgs,
      env: ending.env,
      volumes: [`${folder}:/journal`],
      requestIdHeader: REQUEST_ID_HEADER,
      rate: ratePerSecond,
      connections,
      warmupMs: durationMs,
      graceMs: ending.signal === 'SIGKILL' ? 1000 : 10_000,
    });
    const { record, ledger } = await runOn(ending.viaProxy ? throughPublishedPort(engine) : engine, plan);
    return {
      ledger,
      judged: classify(ledger, record.observation),
      journal: readJournal(path.join(folder, 'journal')),
      ending,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
