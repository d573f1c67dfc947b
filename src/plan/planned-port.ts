import type { ImageFacts } from '../engines/engine.ts';
import type { Plan } from './plan.ts';

/** The port to ask, where it can be told before the start: as asked, or the image's only EXPOSE. */
export function plannedPort(plan: Pick<Plan, 'container'>, image: ImageFacts): number | null {
  if (plan.container.port !== null) return plan.container.port;
  return image.exposedPorts.length === 1 ? (image.exposedPorts[0] ?? null) : null;
}
