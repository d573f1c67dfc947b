import type { Engine } from './engines/engine.ts';
import { CannotRunError } from './errors.ts';
import type { Plan } from './plan/plan.ts';
import { resolveExecPlan, resolvePlan } from './plan/resolve.ts';
import { resolveRolloutPlan, type RolloutPlan } from './plan/rollout.ts';
import { BASE_IMAGES, SAMPLE_APPS } from './samples.ts';
import type { Scenario } from './scenarios.ts';
import { sortOut } from './without-engine/sort-out.ts';

/** A scenario and everything that its run will do. */
export interface PlannedScenario {
  readonly scenario: Scenario;
  readonly plan: Plan;
  /** The same plan with what is a roll-out's; null where it is one run. */
  readonly rollout: RolloutPlan | null;
}

/** Set-up makes stand-ins under this name where no registry can be reached. */
const STAND_INS = 'shutdown-check/';

/** Plans of scenarios as they are: images, each in its container. */
export async function planOnImages(
  scenarios: readonly Scenario[],
  engine: Engine,
): Promise<readonly PlannedScenario[]> {
  return await Promise.all(
    scenarios.map(async (scenario) => {
      const options = await onStandIns(scenario.options, engine);
      if (scenario.rollout === undefined) return { scenario, plan: await resolvePlan(options), rollout: null };
      const rollout = await resolveRolloutPlan({ ...options, ...scenario.rollout });
      return { scenario, plan: rollout, rollout };
    }),
  );
}

/** Where one of our samples' base images is not on the engine but its stand-in is, they are built upon that. */
async function onStandIns(options: Scenario['options'], engine: Engine): Promise<Scenario['options']> {
  if (!options.target?.startsWith(SAMPLE_APPS)) return options;
  const standIns: Record<string, string> = {};
  for (const [buildArg, image] of Object.entries(BASE_IMAGES)) {
    const isNeeded = !(await engine.hasImage(image)) && (await engine.hasImage(STAND_INS + image));
    if (isNeeded) standIns[buildArg] = STAND_INS + image;
  }
  return { ...options, buildArgs: { ...standIns, ...options.buildArgs } };
}

/**
 * Plans of scenarios as commands of this machine.
 * @throws CannotRunError for the first that is about an image, or whose programs are not here.
 */
export async function planWithoutEngine(scenarios: readonly Scenario[]): Promise<readonly PlannedScenario[]> {
  const sorted = await sortOut(scenarios);
  return await Promise.all(
    sorted.map(async ({ scenario, how }) => {
      if (how.kind === 'command') return { scenario, plan: await resolveExecPlan(how.options), rollout: null };
      throw new CannotRunError(`The scenario ${scenario.name} does not run without an engine: ${how.because}.`, {
        nextStep:
          how.kind === 'image'
            ? 'Leave it out, or run it on Docker: leave `--engine namespace` out.'
            : 'Install what is missing, or run it on Docker: leave `--engine namespace` out.',
      });
    }),
  );
}
