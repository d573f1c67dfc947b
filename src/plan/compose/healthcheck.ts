import { parseDuration } from '../durations.ts';
import type { HealthcheckPlan } from '../plan.ts';
import { isEmpty, itemsAt, saidAt, type Spot, textAt, under, wrong, yesNoAt } from './spot.ts';

/**
 * The health check of a service, which stands in the place of its image's; null where it says nothing.
 * @throws CannotRunError for what is none.
 */
export function healthcheckOf(service: Spot): HealthcheckPlan | null {
  const spot = under(service, 'healthcheck');
  if (isEmpty(spot)) return null;
  const isOff = yesNoAt(under(spot, 'disable')) === true;
  return {
    test: isOff ? ['NONE'] : testAt(under(spot, 'test')),
    intervalMs: durationAt(under(spot, 'interval')),
    timeoutMs: durationAt(under(spot, 'timeout')),
    startPeriodMs: durationAt(under(spot, 'start_period')),
    retries: countAt(under(spot, 'retries')),
  };
}

/** A text is for a shell. Without one the image's own is asked, by what is said beside it. */
function testAt(spot: Spot): readonly string[] {
  if (typeof spot.value === 'string') return ['CMD-SHELL', spot.value];
  return itemsAt(spot, 'a command, or a list that begins with CMD, CMD-SHELL or NONE').map(
    (item) => textAt(item) ?? '',
  );
}

/**
 * Milliseconds; null where nothing stands there.
 * @throws CannotRunError for what is no duration.
 */
export function durationAt(spot: Spot): number | null {
  const text = saidAt(spot, 'a duration');
  if (text === null) return null;
  const durationMs = parseDuration(text);
  if (durationMs === null) throw wrong(spot, 'a duration, such as 500ms, 30s or 1m30s');
  return durationMs;
}

function countAt(spot: Spot): number | null {
  const text = saidAt(spot, 'a number');
  if (text === null) return null;
  if (!/^\d+$/.test(text)) throw wrong(spot, 'a whole number');
  return Number(text);
}
