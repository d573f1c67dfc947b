import { setTimeout as delay } from 'node:timers/promises';

import { type Clock, startClock } from './clock.ts';
import { startCompanions } from './companions/start.ts';
import { connectDocker } from './engines/docker/connect.ts';
import type { Engine, PreparedImage } from './engines/engine.ts';
import type { Ledger } from './load/ledger.ts';
import { tellLoad } from './load/tell-load.ts';
import type { SteadyLoad } from './load/warm-up.ts';
import { withoutValues } from './plan/filled-in.ts';
import type { RolloutOptions } from './plan/options.ts';
import { resolveRolloutPlan, type RolloutPlan } from './plan/rollout.ts';
import { savedPlan } from './plan/saved-plan.ts';
import { portsToReach } from './port.ts';
import type { OnProgress } from './progress.ts';
import { beginNow, summarize } from './record.ts';
import { notHere } from './report/not-here.ts';
import { assessRollout } from './rollout/assess.ts';
import { type Balancer, openBalancer } from './rollout/balancer.ts';
import type { BalancerLog } from './rollout/balancer-log.ts';
import { answered, type BalancerCounters } from './rollout/balancer-stats.ts';
import type { Replacement, RolloutObservation } from './rollout/observation.ts';
import { recordRollout, type RolloutRecord } from './rollout/record.ts';
import { replace } from './rollout/replace.ts';
import { openReplicas, type Replica, type Replicas } from './rollout/replica.ts';
import { bringUsers, harnessFacts, rowHeaderOf, sendHome } from './rollout/users.ts';
import { bounded, type Checked, type RunHooks } from './run.ts';

/** A roll-out's record and its ledger, one row a request. */
export interface Rollout {
  readonly record: RolloutRecord;
  readonly ledger: Ledger;
}

/** After the last replacement users go on for so long: what that left behind may show only then. */
const SETTLE_MS = 1_000;
/** The balancer notices that its users have left within milliseconds. */
const LEFT_WAIT_MS = 2_000;
const LEFT_POLL_MS = 10;

/**
 * Runs so many containers of an image behind a load balancer, keeps users coming, replaces one container after the other
 * as an orchestrator does, and judges what the users saw. Never prints and never exits.
 *
 * @throws CannotRunError when it could not do its part: options, engine, balancer, build, a container that never gets
 *   ready.
 */
export async function rollout(options: RolloutOptions, hooks: RunHooks = {}): Promise<Checked> {
  const began = beginNow();
  const plan = await resolveRolloutPlan(options);
  await using engine = await connectDocker(hooks.signal);
  const { record, ledger } = await rolloutOn(engine, plan, hooks);
  return { result: summarize(engine.info, began, [], [record]), ledgers: [ledger], notChecked: [] };
}

/** One roll-out on an engine that answers. Whatever an abort interrupts, the promise rejects with the abort's own reason. */
export async function rolloutOn(engine: Engine, plan: RolloutPlan, hooks: RunHooks = {}): Promise<Rollout> {
  const abort = bounded(plan.timeoutMs, hooks.signal);
  return await stages(engine, plan, hooks.onProgress ?? (() => {}), abort).catch((error: unknown) => {
    throw abort.aborted ? abort.reason : error;
  });
}

/** The story of one roll-out. */
async function stages(engine: Engine, plan: RolloutPlan, onProgress: OnProgress, abort: AbortSignal): Promise<Rollout> {
  const began = startClock();
  const lacking = notHere(plan);
  if (lacking !== null) onProgress({ kind: 'note', text: lacking });
  onProgress({ kind: 'stage', stage: 'image', text: `preparing ${plan.image.reference}` });
  const image = await engine.prepareImage(plan.image, (text) => onProgress({ kind: 'detail', text }), abort);
  await using beside = await startCompanions(engine, plan, portsToReach(plan, image), onProgress, abort);
  const clock = startClock();
  onProgress({ kind: 'stage', stage: 'start', text: `starting ${plan.replicas} replicas` });
  await using replicas = openReplicas(engine, image, plan, beside, clock);
  const first = await startAll(replicas, plan, abort);
  await using balancer = await openBalancer(plan.balancer, orderOf(plan), engine, onProgress, abort);
  for (const [nth, { address }] of first.entries()) await balancer.putIn(nth + 1, address);
  const whole = AbortSignal.any([abort, replicas.broken, balancer.ended]);
  const seen = await observe({ plan, replicas, balancer, clock }, first, onProgress, whole).catch((error: unknown) => {
    throw whole.aborted ? whole.reason : error;
  });
  onProgress({ kind: 'stage', stage: 'done', text: 'replaced' });
  const observation = { ...factsOf(engine, image, plan, first[0]), ...seen.observation };
  const durationMs = Math.round(began.nowUs() / 1000);
  const assessment = assessRollout(observation, seen.ledger);
  return { record: recordRollout(observation, assessment, durationMs), ledger: seen.ledger };
}

/** A server for each container's whole life. */
function orderOf(plan: RolloutPlan): Parameters<typeof openBalancer>[1] {
  return {
    servers: 2 * plan.replicas,
    retries: plan.balancerRetries,
    requestTimeoutMs: plan.load.requestTimeoutMs,
    rowHeader: rowHeaderOf(plan),
  };
}

async function startAll(replicas: Replicas, { replicas: many }: RolloutPlan, abort: AbortSignal): Promise<Started> {
  const [one, ...others] = await Promise.all(Array.from({ length: many }, () => replicas.start(abort)));
  if (one === undefined) throw new RangeError('a roll-out of no replicas');
  return [one, ...others];
}

type Started = readonly [Replica, ...Replica[]];

interface Stage {
  readonly plan: RolloutPlan;
  readonly replicas: Replicas;
  readonly balancer: Balancer;
  readonly clock: Clock;
}

type Facts = Pick<RolloutObservation, 'engine' | 'image' | 'plan' | 'target'>;

interface Seen {
  readonly observation: Omit<RolloutObservation, keyof Facts>;
  readonly ledger: Ledger;
}

/** Brings the users, replaces the replicas, and writes down everything that was seen. Has no opinion. */
async function observe(stage: Stage, first: Started, onProgress: OnProgress, abort: AbortSignal): Promise<Seen> {
  const { plan, balancer, clock } = stage;
  const steady = await bringUsers(balancer.address, first[0].address, plan, clock, onProgress, abort);
  const { load } = steady;
  const { ratePerSecond } = load;
  try {
    const before = await balancer.counters();
    const beganUs = clock.nowUs();
    const replacements = await replaceAll({ ...stage, beganUs }, first, steady, onProgress, abort);
    const endedUs = clock.nowUs();
    await delay(SETTLE_MS, undefined, { signal: abort });
    await sendHome(load, plan.load.requestTimeoutMs, abort);
    return {
      observation: {
        balancer: { version: balancer.version, before, ...(await lastWord(balancer)) },
        harness: harnessFacts(steady, ratePerSecond),
        replacements,
        rampEndUs: steady.rampEndUs,
        beganUs,
        endedUs,
      },
      ledger: load.ledger,
    };
  } finally {
    load.stop();
    await load.finish(0);
  }
}

async function replaceAll(
  stage: Stage & { readonly beganUs: number },
  first: Started,
  { load }: SteadyLoad,
  onProgress: OnProgress,
  abort: AbortSignal,
): Promise<readonly Replacement[]> {
  using _ = tellLoad(onProgress, 'replace', load, stage.clock);
  const replacements: Replacement[] = [];
  for (const [nth, old] of first.entries()) replacements.push(await replace(nth + 1, old, stage, onProgress, abort));
  return replacements;
}

/** The balancer counts a request, and then logs it, when it is over, and that it learns a moment after the user. */
async function lastWord({ counters, log }: Balancer): Promise<{ after: BalancerCounters; log: BalancerLog }> {
  for (let waitedMs = 0; ; waitedMs += LEFT_POLL_MS) {
    const after = await counters();
    const isOver = after.users.open === 0 && log.requests >= answered(after.users);
    if (isOver || waitedMs >= LEFT_WAIT_MS) return { after, log: { requests: log.requests, odd: log.odd } };
    await delay(LEFT_POLL_MS);
  }
}

function factsOf(engine: Engine, image: PreparedImage, plan: RolloutPlan, { target, address }: Replica): Facts {
  const { stopSignal, entrypoint, command } = target;
  const words = (argv: readonly string[] | null): readonly string[] | null =>
    argv && argv.map((word) => withoutValues(word, plan.container.filledIn));
  return {
    engine: engine.info,
    image,
    plan: savedPlan(plan, process.cwd()),
    target: { stopSignal, entrypoint: words(entrypoint), command: words(command), via: address.via },
  };
}
