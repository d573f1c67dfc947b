import type { RequestPlan } from './plan.ts';
import { GRPC_HEALTH_CHECK } from './protocol.ts';

/** Whether a request changes nothing on the other side (RFC 9110, 9.2.1), so that more of them than asked do no harm. */
export function isSafe({ method, path }: RequestPlan): boolean {
  return method === 'GET' || method === 'HEAD' || path === `/${GRPC_HEALTH_CHECK}`;
}
