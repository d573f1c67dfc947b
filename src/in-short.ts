import type { Observation } from './observation.ts';
import type { RunRecord } from './result.ts';

/** What of an observation is told in short, of a run's and of a roll-out's alike. */
interface Observed {
  readonly plan: Pick<Observation['plan'], 'image' | 'profile' | 'graceMs' | 'routingLagMs' | 'load'>;
  readonly image: Pick<Observation['image'], 'id'>;
  readonly target: Pick<Observation['target'], 'entrypoint' | 'command' | 'stopSignal'>;
  readonly harness: Pick<Observation['harness'], 'ratePerSecond'>;
}

/** What was started, and as what. */
export function startedAs({ plan, image, target }: Observed): Omit<RunRecord['target'], 'address' | 'via'> {
  return {
    reference: plan.image.reference,
    imageId: image.id,
    entrypoint: target.entrypoint,
    command: target.command,
    stopSignal: target.stopSignal,
  };
}

/** The plan in short, and what `auto` became. */
export function planInShort({ plan, harness }: Observed): Omit<RunRecord['plan'], 'resolved'> {
  const [first] = plan.load.requests;
  return {
    profile: plan.profile,
    graceMs: plan.graceMs,
    routingLagMs: plan.routingLagMs,
    rate: plan.load.rate,
    ratePerSecond: harness.ratePerSecond,
    path: first?.path ?? '/',
    method: first?.method ?? 'GET',
  };
}
