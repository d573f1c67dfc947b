import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import { type Clock, startClock } from '../../src/clock.ts';
import { classify } from '../../src/load/classify.ts';
import { Ledger } from '../../src/load/ledger.ts';
import { Load } from '../../src/load/load.ts';
import type { Observation } from '../../src/observation.ts';
import type { LoadPlan } from '../../src/plan/plan.ts';
import { observationOf, withPlan } from '../../test/unit/observed.ts';
import type { Life } from './compare.ts';
import type { Ending } from './endings.ts';
import { readJournal } from './journal.ts';

/** How much is asked of the app in one life. */
export interface Demand {
  readonly ratePerSecond: number;
  readonly connections: LoadPlan['connections'];
  readonly durationMs: number;
}

type App = ChildProcessByStdio<null, Readable, null>;

/** Longer than any answer takes, and than the classification counts as one moment with the end of the process. */
const APART_MS = 300;
/** The load goes on so long after the process has ended. */
const AFTERMATH_MS = 50;
/** The header by which the app learns a request's row in the ledger. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Runs the journal's app as a process of this machine, from its start to its end, with a load on it. */
export async function runProcess(ending: Ending, demand: Demand): Promise<Life> {
  const folder = await mkdtemp(path.join(tmpdir(), 'journal-'));
  const file = path.join(folder, 'journal');
  const app: App = spawn(process.execPath, ['sample-apps/journal/server.js'], {
    env: { ...ending.env, JOURNAL: file, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { ledger, observation } = await observeProcess(app, ending, demand);
    return { ledger, judged: classify(ledger, observation), journal: readJournal(file), ending };
  } finally {
    app.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
}

async function observeProcess(app: App, { signal }: Ending, { ratePerSecond, connections, durationMs }: Demand) {
  const clock = startClock();
  const address = { host: '127.0.0.1', port: await portOf(app), via: 'container' as const };
  const { plan } = withPlan({}, { connections, requestIdHeader: REQUEST_ID_HEADER });
  const load = new Load(address, plan.load, clock, new Ledger());
  load.start(ratePerSecond, 0);
  await delay(durationMs);
  if (signal === null) {
    load.stop();
    await load.settled(plan.load.requestTimeoutMs);
    await delay(APART_MS);
  }
  const t0Us = clock.nowUs();
  app.kill(signal ?? 'SIGKILL');
  const { atUs, exitCode } = await exitOf(app, clock);
  await delay(AFTERMATH_MS);
  load.stop();
  await load.finish(1000);
  const exit = { ...observationOf().exit, exitCode, atMs: (atUs - t0Us) / 1000 };
  const observation: Observation = { ...observationOf(), plan, exit, t0Us, rampEndUs: 0, signalByMs: 0 };
  return { ledger: load.ledger, observation };
}

/** The port, once it listens. */
async function portOf(app: App): Promise<number> {
  for await (const line of createInterface(app.stdout)) return Number(line.split(' ').at(-1));
  throw new Error('the app ended before it listened');
}

async function exitOf(app: App, clock: Clock) {
  const [code] = (await once(app, 'exit')) as [number | null];
  return { atUs: clock.nowUs(), exitCode: code ?? 137 };
}
