import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { lookup } from 'node:dns/promises';
import { createServer, isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type { Engine, TargetAddress } from '../engines/engine.ts';
import type { OnProgress } from '../progress.ts';
import { type BalancerAdmin, openAdmin } from './balancer-admin.ts';
import { type BalancerLog, keepLog } from './balancer-log.ts';
import { balancerConfig, type BalancerOrder, filesIn } from './balancer-config.ts';
import type { BalancerPlan } from '../plan/balancer.ts';
import { balancerError, type BalancerProcess, startHaproxy } from './balancer-process.ts';
import type { BalancerCounters } from './balancer-stats.ts';
import { guard } from './guard.ts';

/** A load balancer that runs. Its disposal ends it and takes its files away. */
export interface Balancer extends AsyncDisposable {
  /** Where users come. */
  readonly address: TargetAddress;
  readonly version: string;
  /** Aborted when it ends by itself; the reason says with what words. */
  readonly ended: AbortSignal;
  /** New requests may go to a container, which this server is for its whole life. */
  putIn(server: number, address: TargetAddress): Promise<void>;
  /** No new request goes to it; those that it has go on. */
  drain(server: number): Promise<void>;
  counters(): Promise<BalancerCounters>;
  /** What its log says of the requests so far. */
  readonly log: BalancerLog;
}

const HOST = '127.0.0.1';
const START_LIMIT_MS = 10_000;
const POLL_MS = 20;
/** Somebody else may take a port between our finding it free and the balancer's taking it. */
const MAX_PORTS = 3;

/**
 * Starts HAProxy with so many servers, none of them in yet.
 * @throws CannotRunError where it does not start, in its own words.
 */
export async function openBalancer(
  plan: BalancerPlan,
  order: Omit<BalancerOrder, 'folder' | 'port'>,
  engine: Engine,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Balancer> {
  onProgress({ kind: 'stage', stage: 'start', text: `starting the balancer, ${plan.reference}` });
  for (let nth = 1; ; nth++) {
    try {
      return await start(plan, { ...order, port: await freePort() }, engine, onProgress, abort);
    } catch (error) {
      if (nth === MAX_PORTS || !isPortTaken(error)) throw error;
    }
  }
}

async function start(
  plan: BalancerPlan,
  order: Omit<BalancerOrder, 'folder'>,
  engine: Engine,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<Balancer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(filesIn(folder).config, balancerConfig({ ...order, folder }));
    const running = await startHaproxy(plan, folder, engine, onProgress, abort);
    const guarded = guard(folder, running.pid);
    const end = async (): Promise<void> => {
      await running.kill();
      await removeFolder();
      guarded[Symbol.dispose]();
    };
    try {
      const admin = openAdmin(filesIn(folder).admin);
      await untilItAnswers(plan, admin, running, abort);
      return balancerOf(plan, admin, running, order.port, await admin.version(), end);
    } catch (error) {
      await end();
      throw error;
    }
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

function balancerOf(
  plan: BalancerPlan,
  admin: BalancerAdmin,
  running: BalancerProcess,
  port: number,
  version: string,
  end: () => Promise<void>,
): Balancer {
  const ended = new AbortController();
  let isOver = false;
  void running.ended.then((said) => {
    if (!isOver) ended.abort(balancerError(plan, 'ended in the midst of the roll-out', said));
  });
  return {
    address: { host: HOST, port, via: 'local' },
    version,
    ended: ended.signal,
    putIn: async (server, { host, port: at }) => admin.putIn(server, await numeric(host), at),
    drain: (server) => admin.drain(server),
    counters: () => admin.counters(),
    log: keepLog(running),
    async [Symbol.asyncDispose]() {
      isOver = true;
      await end();
    },
  };
}

/** @throws CannotRunError where it ends before, or does not answer in time. */
async function untilItAnswers(
  plan: BalancerPlan,
  admin: BalancerAdmin,
  running: BalancerProcess,
  abort: AbortSignal,
): Promise<void> {
  let said: string | null = null;
  void running.ended.then((text) => (said = text));
  for (let waitedMs = 0; waitedMs < START_LIMIT_MS; waitedMs += POLL_MS) {
    const answers = await admin.counters().then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (said !== null) throw balancerError(plan, 'does not start', said);
    await delay(POLL_MS, undefined, { signal: abort });
  }
  throw balancerError(plan, `does not answer after ${START_LIMIT_MS / 1000} s`, '');
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'detail' in error && /address already in use/i.test(String(error.detail));
}

/** A port that nobody has now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('a TCP server without a port');
  return address.port;
}

/** The balancer takes no names once it runs. */
async function numeric(host: string): Promise<string> {
  return isIP(host) > 0 ? host : (await lookup(host)).address;
}
