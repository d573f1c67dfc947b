import type { LoadPlan, Plan } from './plan.ts';

/**
 * The shortest preStop sleep that covers a routing lag, milliseconds: the first whole second after it, as manifests count.
 * One that ends with the lag itself would meet the last request on its way.
 */
export function coveringSleepMs(routingLagMs: number): number {
  return (Math.floor(routingLagMs / 1000) + 1) * 1000;
}

/** Whether new requests are sent to the target after the stop began, and could be refused. */
export function isRouted({
  profile,
  routingLagMs,
  load,
}: Pick<Plan, 'profile' | 'routingLagMs'> & { readonly load: Pick<LoadPlan, 'kind'> }): boolean {
  return profile === 'kubernetes' && routingLagMs > 0 && load.kind === 'requests';
}

/**
 * A preStop sleep as a line of a manifest. Source: kubernetes, feature gate PodLifecycleSleepAction, on by default from 1.30
 * and stable from 1.34.
 */
export function preStopSleepLine(sleepMs: number): string {
  return `lifecycle: { preStop: { sleep: { seconds: ${sleepMs / 1000} } } } # since 1.30`;
}
