/**
 * The shortest preStop sleep that covers a routing lag, milliseconds: the first whole second after it, as manifests count.
 * One that ends with the lag itself would meet the last request on its way.
 */
export function coveringSleepMs(routingLagMs: number): number {
  return (Math.floor(routingLagMs / 1000) + 1) * 1000;
}
