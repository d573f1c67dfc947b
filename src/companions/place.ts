import type { ContainerPlan, Plan } from '../plan/plan.ts';

/** How a plan says that a container shares the network of a companion. */
const SHARED = /^service:(.+)$/;

/** Whether containers of the plan have to find each other by name, which takes a network of their own. */
export function needsNetwork({ container, companions }: Plan): boolean {
  return [container, ...companions.map((one) => one.container)].some(isToBeFound);
}

function isToBeFound({ network, aliases }: ContainerPlan): boolean {
  return network === null && aliases.length > 0;
}

/** The companion whose network a container shares in the end; null where it has one of its own. */
export function networkOwner({ container, companions }: Pick<Plan, 'container' | 'companions'>): string | null {
  const name = sharedWith(container);
  const lender = companions.find((one) => one.name === name);
  return lender === undefined ? name : (networkOwner({ container: lender.container, companions }) ?? name);
}

function sharedWith({ network }: ContainerPlan): string | null {
  return SHARED.exec(network ?? '')?.[1] ?? null;
}

/**
 * A container as its engine is to start it, on the network where its plan wants it.
 *
 * @param network of this run; null where there is none
 * @param idOf the engine's name of a companion that has been started
 */
export function place(
  container: ContainerPlan,
  network: string | null,
  idOf: (name: string) => string | null,
): ContainerPlan {
  if (isToBeFound(container)) return { ...container, network };
  const shared = sharedWith(container);
  if (shared === null) return { ...container, aliases: [] };
  return { ...container, aliases: [], network: `container:${idOf(shared) ?? shared}` };
}
