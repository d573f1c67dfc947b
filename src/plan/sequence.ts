import { CannotRunError } from '../errors.ts';
import { parseShellWords } from '../image/shell-words.ts';
import { badValue } from './bad-value.ts';
import { DEFAULTS } from './defaults.ts';
import type { CommonOptions } from './options.ts';
import type { Plan, PreStopPlan } from './plan.ts';
import { parsePreStop, PRE_STOP_FORMS } from './pre-stop.ts';

/** What is done to the target, and when. */
type Sequence = Pick<Plan, 'profile' | 'graceMs' | 'routingLagMs' | 'pooledAfterLag' | 'preStop'>;

/** Steps that `docker stop` does not have. */
const OF_KUBERNETES = [
  ['preStop', '--pre-stop'],
  ['pooledAfterLag', '--pooled-after-lag'],
] as const;

/**
 * The sequence of the profile, with its defaults.
 * @throws CannotRunError for a step that the profile does not have, and for a hook that is none.
 */
export function resolveSequence(options: CommonOptions): Sequence {
  const { profile = 'docker', pooledAfterLag = 'go' } = options;
  const isKubernetes = profile === 'kubernetes';
  const graceMs = options.graceMs ?? (isKubernetes ? DEFAULTS.kubernetesGraceMs : DEFAULTS.graceMs);
  const routingLagMs = options.routingLagMs ?? (isKubernetes ? DEFAULTS.kubernetesLagMs : 0);
  const foreign = isKubernetes ? undefined : OF_KUBERNETES.find(([key]) => options[key] !== undefined);
  if (foreign) {
    throw new CannotRunError(`${foreign[0]} (${foreign[1]}) is a step that \`docker stop\` does not have.`, {
      nextStep: 'Add --profile kubernetes for the sequence that a pod goes through, or leave it out.',
    });
  }
  if (options.when !== undefined && options.when !== 'ready' && isKubernetes) {
    throw new CannotRunError(
      'Stopped while it starts (--when), an app has no traffic that would be routed elsewhere.',
      {
        nextStep: 'Leave --profile kubernetes out, or --when.',
      },
    );
  }
  return { profile, graceMs, routingLagMs, pooledAfterLag, preStop: resolvePreStop(options) };
}

function resolvePreStop({ preStop }: CommonOptions): PreStopPlan | null {
  if (preStop === undefined) return null;
  if (typeof preStop !== 'string') return preStop;
  const plan = parsePreStop(preStop);
  if (plan) return plan;
  throw badValue({ name: 'preStop (--pre-stop)', value: preStop, takes: PRE_STOP_FORMS, why: whyNot(preStop) });
}

function whyNot(preStop: string): string | undefined {
  const command = /^exec:(.+)$/s.exec(preStop)?.[1];
  const words = command === undefined ? null : parseShellWords(command);
  if (words?.kind !== 'needsShell') return undefined;
  return `No shell reads it, and it needs one: ${words.because}. Write exec:sh -c '...', where the image has a shell.`;
}
