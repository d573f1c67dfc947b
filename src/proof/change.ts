import { execForm } from '../image/shell-form.ts';
import { preStopSleepLine } from '../plan/covering-sleep.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { withValues } from '../plan/filled-in.ts';
import type { CommandSource, ContainerPlan, Plan, Profile, SourceKind } from '../plan/plan.ts';
import { asTyped, period } from '../report/text.ts';
import type { ProofRecord, RunRecord } from '../result.ts';
import { advisedSeconds } from './advised.ts';

/** One thing that is done differently. */
export type Change =
  | {
      readonly remedy: 'exec-form';
      readonly instruction: 'CMD' | 'ENTRYPOINT';
      readonly command: readonly string[];
      /** Whether the plan gave the command that it replaces, and not the image. */
      readonly isPlanned: boolean;
      /** Whether the image has a CMD that the new ENTRYPOINT would be given as arguments. */
      readonly clearsCommand: boolean;
    }
  | { readonly remedy: 'stop-signal'; readonly signal: string }
  | { readonly remedy: 'init' }
  | { readonly remedy: 'pre-stop'; readonly sleepMs: number }
  | { readonly remedy: 'grace'; readonly graceMs: number };

export type Remedy = Change['remedy'];
export type ExecForm = Extract<Change, { remedy: 'exec-form' }>;

type Line = ProofRecord['lines'][number];

/**
 * A change as words: `CMD ["node", "server.js"]`, `grace period 40 s`. A command has no Dockerfile: it is told as it is typed,
 * `node server.js`, and its signal as the flag.
 */
export function describeChange(change: Change, of: SourceKind): string {
  const isCommand = of === 'command';
  if (change.remedy === 'exec-form') return isCommand ? asTyped(change.command) : inDockerfile(change);
  if (change.remedy === 'stop-signal') return `${isCommand ? '--stop-signal' : 'STOPSIGNAL'} ${change.signal}`;
  if (change.remedy === 'pre-stop') return `preStop sleep ${period(change.sleepMs)}`;
  return change.remedy === 'init' ? '--init' : `grace period ${period(change.graceMs)}`;
}

function inDockerfile({ instruction, command }: ExecForm): string {
  return `${instruction} ${execForm(command)}`;
}

/** The plan with the change made. */
export function applyChange(plan: Plan, change: Change): Plan {
  if (change.remedy === 'grace') return withGrace(plan, change.graceMs);
  if (change.remedy === 'pre-stop') return { ...plan, preStop: { kind: 'sleep', sleepMs: change.sleepMs } };
  if (change.remedy === 'exec-form' && plan.image.kind === 'command')
    return { ...plan, image: withCommand(plan.image, change.command) };
  return { ...plan, container: { ...plan.container, ...containerChange(change, plan.container) } };
}

function withCommand(source: CommandSource, command: readonly string[]): CommandSource {
  return { ...source, reference: asTyped(command), command };
}

function containerChange(
  change: Exclude<Change, { remedy: 'grace' | 'pre-stop' }>,
  { filledIn }: ContainerPlan,
): Partial<ContainerPlan> {
  if (change.remedy === 'init') return { init: true };
  if (change.remedy === 'stop-signal') return { stopSignal: change.signal };
  // It is made of what a record shows.
  const command = change.command.map((word) => withValues(word, filledIn));
  // An entrypoint of the plan's own drops the image's command.
  return change.instruction === 'CMD' ? { command } : { entrypoint: command, command: null };
}

/** A request timeout that was not asked for follows the grace period, as in any plan. */
function withGrace(plan: Plan, graceMs: number): Plan {
  const isDefault = plan.load.requestTimeoutMs === plan.graceMs + DEFAULTS.requestTimeoutOverGraceMs;
  const requestTimeoutMs = isDefault ? graceMs + DEFAULTS.requestTimeoutOverGraceMs : plan.load.requestTimeoutMs;
  return { ...plan, graceMs, load: { ...plan.load, requestTimeoutMs } };
}

/**
 * The lines that make the change for good, where the run that passed with it is `passed`. An image that was not built here
 * has no Dockerfile to change: it is run otherwise. A command is to run in a container one day, or under systemd: its lines
 * are for wherever that is written down.
 */
export function linesOf(change: Change, passed: RunRecord, of: SourceKind): readonly Line[] {
  if (change.remedy === 'exec-form') return execFormLines(change, passed.plan.resolved.profile, of);
  if (change.remedy === 'stop-signal') return stopSignalLines(change.signal, of);
  if (change.remedy === 'grace') return graceLines(advisedSeconds(change.graceMs, passed.termination.exitedAtMs), of);
  if (change.remedy === 'pre-stop') return [{ where: 'Kubernetes', text: preStopSleepLine(change.sleepMs) }];
  return [
    { where: 'docker', text: 'docker run --init' },
    { where: 'Compose', text: 'init: true' },
  ];
}

function stopSignalLines(signal: string, of: SourceKind): readonly Line[] {
  const dockerfile = { where: 'Dockerfile', text: `STOPSIGNAL ${signal}` };
  if (of === 'build') return [dockerfile];
  if (of === 'command') return [dockerfile, { where: 'systemd', text: `KillSignal=${signal}` }];
  return [
    { where: 'docker', text: `docker run --stop-signal ${signal}` },
    { where: 'Compose', text: `stop_signal: ${signal}` },
  ];
}

function execFormLines(change: ExecForm, profile: Profile, of: SourceKind): readonly Line[] {
  const { instruction, command, isPlanned, clearsCommand } = change;
  if (of === 'command') {
    return [
      { where: 'Command', text: asTyped(command) },
      { where: 'Dockerfile', text: inDockerfile(change) },
    ];
  }
  if (isPlanned || of === 'image') {
    if (profile === 'kubernetes') return podLines(change);
    const key = instruction === 'CMD' ? 'command' : 'entrypoint';
    // Compose fills in what follows a `$`; doubled it is one.
    return [{ where: 'Compose', text: `${key}: ${execForm(command).replaceAll('$', '$$$$')}` }];
  }
  const line = { where: 'Dockerfile', text: inDockerfile(change) };
  return clearsCommand ? [line, { where: 'Dockerfile', text: 'CMD []' }] : [line];
}

/**
 * The kubelet fills in `$(NAME)`; with its `$` doubled it stays. A `command` drops the image's CMD by itself, but not the
 * `args` of the manifest.
 */
function podLines({ instruction, command, isPlanned, clearsCommand }: ExecForm): readonly Line[] {
  const key = instruction === 'CMD' ? 'args' : 'command';
  const line = { where: 'Kubernetes', text: `${key}: ${execForm(command).replaceAll('$(', '$$$$(')}` };
  return isPlanned && clearsCommand ? [line, { where: 'Kubernetes', text: 'args: []' }] : [line];
}

function graceLines(seconds: number, of: SourceKind): readonly Line[] {
  return [
    { where: 'docker', text: `docker stop -t ${seconds}` },
    { where: 'Compose', text: `stop_grace_period: ${seconds}s` },
    { where: 'Kubernetes', text: `terminationGracePeriodSeconds: ${seconds}` },
    ...(of === 'command' ? [{ where: 'systemd', text: `TimeoutStopSec=${seconds}` }] : []),
  ];
}
