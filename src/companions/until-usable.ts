import { setTimeout as delay } from 'node:timers/promises';
import type { ImageFacts, TargetState } from '../engines/engine.ts';
import { CannotRunError } from '../errors.ts';
import { within } from '../load/within.ts';
import { formatDuration } from '../plan/durations.ts';
import { hasHealthcheck } from '../plan/health.ts';
import type { CompanionPlan } from '../plan/plan.ts';
import { lastLines, notHealthyBecause } from '../ready.ts';
import type { Companion } from './start.ts';

const POLL_MS = 50;
/** The last lines of one that has exited are waited for so long. */
const LAST_LINES_MS = 1000;

/**
 * Waits until a companion is what those that need it wait for: healthy, or done. One that only has to be started is so.
 *
 * @throws CannotRunError where it exits or fails before, cannot be healthy at all, or takes longer than the time given.
 */
export async function untilUsable(
  companion: Companion,
  image: ImageFacts,
  timeoutMs: number,
  abort: AbortSignal,
): Promise<void> {
  const { plan, target, watch } = companion;
  if (plan.waitFor === 'started') return;
  if (plan.waitFor === 'healthy' && !hasHealthcheck(plan.container, image)) throw cannotBeHealthy(companion);
  const untilUs = watch.clock.nowUs() + timeoutMs * 1000;
  for (;;) {
    const state = await target.state();
    if (!state.running) {
      if (plan.waitFor === 'completed' && state.exitCode === 0) return;
      throw await exited(companion, state);
    }
    if (plan.waitFor === 'healthy' && state.health === 'healthy') return;
    if (watch.clock.nowUs() > untilUs) throw tooLate(companion, state, timeoutMs);
    await delay(POLL_MS, undefined, { signal: abort });
  }
}

function cannotBeHealthy({ plan }: Companion): CannotRunError {
  return new CannotRunError(`${plan.name} has to be healthy first, and it has no health check.`, {
    nextStep: 'Give it a `healthcheck`, or wait for it with the condition service_started.',
  });
}

async function exited({ plan, watch }: Companion, { exitCode, oomKilled }: TargetState): Promise<CannotRunError> {
  await within(LAST_LINES_MS, watch.logsEnded);
  const why = oomKilled ? ', killed for want of memory' : '';
  return new CannotRunError(`${plan.name} exited before it was ${wanted(plan)}: exit code ${exitCode}${why}.`, {
    detail: lastLines(watch),
    nextStep: 'It is started first because others need it; start it by itself to see more.',
  });
}

function tooLate({ plan, watch }: Companion, state: TargetState, timeoutMs: number): CannotRunError {
  const health = plan.waitFor === 'healthy' ? notHealthyBecause(state, true) : null;
  const why = health === null ? '' : `: ${health}`;
  return new CannotRunError(`${plan.name} was not ${wanted(plan)} within ${formatDuration(timeoutMs)}${why}.`, {
    detail: lastLines(watch),
    nextStep: 'Give it longer with --ready-timeout.',
  });
}

function wanted({ waitFor }: CompanionPlan): string {
  return { started: 'started', healthy: 'healthy', completed: 'done' }[waitFor];
}
