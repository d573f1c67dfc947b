import { CannotRunError } from '../errors.ts';
import { COMMON_CHECKS } from './checks.ts';
import type { CommonOptions } from './options.ts';

/** About requests, which a worker is not sent. */
const OF_REQUESTS = [
  'port',
  'readyPath',
  'readyPort',
  'rate',
  'path',
  'method',
  'headers',
  'body',
  'requests',
  'expectStatus',
  'requestTimeoutMs',
  'connections',
  'https',
  'insecure',
  'ca',
  'http2',
  'grpc',
  'requestIdHeader',
  'park',
  'hold',
  'minInFlight',
  'maxDrainMs',
  'maxLatencyMs',
  'maxRejected',
  'strictUnread',
] as const satisfies readonly (keyof CommonOptions)[];

/** About the load, of which there is none while the app starts. */
const OF_LOAD = [
  'rate',
  'requests',
  'expectStatus',
  'requestTimeoutMs',
  'warmupMs',
  'connections',
  'requestIdHeader',
  'park',
  'hold',
  'minInFlight',
  'maxDrainMs',
  'maxLatencyMs',
  'maxRejected',
  'strictUnread',
] as const satisfies readonly (keyof CommonOptions)[];

/** The flags of those, by name. */
export const WITHOUT_REQUESTS: readonly string[] = OF_REQUESTS.map((key) => COMMON_CHECKS[key].flag ?? key);
export const WITHOUT_LOAD: readonly string[] = OF_LOAD.map((key) => COMMON_CHECKS[key].flag ?? key);

/**
 * Refuses options that say how to do what the run does not do at all.
 * @throws CannotRunError that names the first such option.
 */
export function refuseIdle(options: CommonOptions): void {
  if (options.load === 'none') {
    refuse(options, OF_REQUESTS, 'With --load none nothing is sent');
  }
  if (options.when !== undefined && options.when !== 'ready') {
    refuse(options, OF_LOAD, 'Stopped while it starts (--when), the app gets no load');
  }
}

function refuse(options: CommonOptions, idle: readonly (keyof typeof COMMON_CHECKS)[], because: string): void {
  const given = idle.find((key) => isAsked(options[key]));
  if (given === undefined) return;
  throw new CannotRunError(`${because}, so ${given} (--${COMMON_CHECKS[given].flag}) has no place beside it.`, {
    nextStep: 'Leave one of the two out.',
  });
}

/** Asking for none of it changes nothing. */
function isAsked(value: unknown): boolean {
  const isEmptyList = Array.isArray(value) && value.length === 0;
  return value !== undefined && value !== false && value !== 0 && !isEmptyList;
}
