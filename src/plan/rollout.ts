import { CannotRunError } from '../errors.ts';
import { type BalancerPlan, resolveBalancer } from './balancer.ts';
import { ROLLOUT_CHECKS } from './checks.ts';
import { DEFAULTS } from './defaults.ts';
import { likelyProfile } from './likely-profile.ts';
import type { RolloutOptions } from './options.ts';
import type { Plan } from './plan.ts';
import { checkCount, checkLength, checkOptions, resolvePlan } from './resolve.ts';

/** Everything a roll-out does: each replica starts, is stopped and is loaded as the plan of a run says. */
export interface RolloutPlan extends Plan {
  readonly replicas: number;
  readonly balancer: BalancerPlan;
  readonly balancerRetries: number;
}

/**
 * Everything a roll-out will do, checked and with every default filled in.
 * @throws CannotRunError that names the option, its flag, the bad value and the valid forms.
 */
export async function resolveRolloutPlan(options: RolloutOptions): Promise<RolloutPlan> {
  checkOptions(options, ROLLOUT_CHECKS);
  const { replicas = DEFAULTS.replicas, balancer, balancerRetries = DEFAULTS.balancerRetries, ...ofRun } = options;
  const plan = await resolvePlan({ ...ofRun, profile: await likelyProfile(options) });
  refuseSharedPorts(plan);
  refuseOtherProtocols(plan);
  checkRoom(plan, replicas);
  return { ...plan, replicas, balancer: resolveBalancer(balancer ?? DEFAULTS.balancer), balancerRetries };
}

/** Containers without a network of their own would open the same port. */
function refuseSharedPorts({ container: { network } }: Plan): void {
  if (network === null || !/^(?:host|none|(?:container|service):.*)$/.test(network)) return;
  throw new CannotRunError(`Replicas cannot be on the network "${network}" side by side: each needs its own address.`, {
    nextStep: 'Leave --network out, or name a network that gives each container an address.',
  });
}

/** A manifest or a compose file may ask for what no flag here does. */
function refuseOtherProtocols({ load }: Plan): void {
  if (load.protocol === 'http1' && load.tls === null) return;
  throw new CannotRunError(
    'A roll-out is of apps that speak HTTP/1.1 in the clear, and this one is asked in another way.',
    {
      nextStep: 'Check one container of it: shutdown-check run --help',
    },
  );
}

/** @throws CannotRunError where the record could not hold the longest that it may take. */
function checkRoom({ load, readyTimeoutMs, graceMs, routingLagMs, timeoutMs }: Plan, replicas: number): void {
  const eachMs = readyTimeoutMs + graceMs + routingLagMs;
  const longestMs = Math.min(timeoutMs, readyTimeoutMs + load.warmupMs + replicas * eachMs + load.requestTimeoutMs);
  checkLength(longestMs);
  checkCount(load, longestMs);
}
