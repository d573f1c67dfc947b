import type { ImageFacts } from '../engines/engine.ts';
import type { ContainerPlan } from './plan.ts';

/** Whether a container has a health check: one of its plan's, or its image's. */
export function hasHealthcheck({ healthcheck }: ContainerPlan, image: Pick<ImageFacts, 'hasHealthcheck'>): boolean {
  const [kind] = healthcheck?.test ?? [];
  return kind === undefined ? image.hasHealthcheck : kind !== 'NONE';
}
