import { advisedSeconds } from '../../proof/advised.ts';
import { coveringSleepMs, isRouted, preStopSleepLine } from '../../plan/covering-sleep.ts';
import { shortPreStop } from '../../plan/pre-stop.ts';
import type { RunRecord } from '../../result.ts';
import { isOfTheStop } from '../../termination/record.ts';
import { type Look, heading } from '../look.ts';
import { harmless, paragraph, period, time } from '../text.ts';
import { signalsOf } from '../totals.ts';

/** A moment of the sequence, from T0. */
export interface Step {
  readonly atMs: number;
  readonly text: string;
}

/** A pod's stop step by step, what it took of the grace period, and what to write into the manifest. Nothing for `docker stop`. */
export function sequenceLines(run: RunRecord, look: Look): readonly string[] {
  const { profile, graceMs } = run.plan.resolved;
  if (profile === 'docker') return [];
  const title = `${heading(look, 'Sequence')}  as a pod's, ${period(graceMs)} of grace for all of it; 0 is its start`;
  const steps = stepsOf(run).map(({ atMs, text }) => paragraph(text, look.width, `  ${time(atMs).padStart(8)}  `));
  const [needs, lines] = needsOf(run);
  return [
    title,
    ...steps,
    paragraph(budgetText(run), look.width, '  '),
    paragraph(needs, look.width, '  '),
    ...lines.map((line) => `    ${line}`),
  ];
}

/** What came after what. */
export function stepsOf(run: RunRecord): readonly Step[] {
  const { termination, plan } = run;
  const { preStop, routingLagMs, pooledAfterLag, load } = plan.resolved;
  const { exitedAtMs, exitCode, readiness } = termination;
  // Without any grace period the kubelet runs no hook.
  const hook = preStop && termination.preStop && `preStop ${harmless(shortPreStop(preStop))}`;
  const isAsked = load.kind === 'requests';
  const unrouted =
    pooledAfterLag === 'go'
      ? 'no new connection comes any more; requests over open ones go on'
      : 'no connection and no request comes any more';
  const steps: readonly (Step | null)[] = [
    isAsked ? { atMs: 0, text: `its endpoint begins to go${hook ? `; ${hook} begins` : ''}` } : null,
    hook && !isAsked ? { atMs: 0, text: `${hook} begins` } : null,
    isAsked && routingLagMs > 0 && isBefore(routingLagMs, exitedAtMs) ? { atMs: routingLagMs, text: unrouted } : null,
    hookStep(termination.preStop),
    readiness?.notReadyAtMs == null
      ? null
      : { atMs: readiness.notReadyAtMs, text: `${plan.resolved.readyPath} turns not ready` },
    ...signalsOf(run)
      .filter(({ sender }) => isOfTheStop(sender))
      .map(({ atMs, signal }) => ({ atMs, text: signal })),
    exitedAtMs === null
      ? null
      : {
          atMs: exitedAtMs,
          text: `exit, code ${exitCode ?? 'unknown'}${isOvertaken(run) ? ', before preStop was done' : ''}`,
        },
  ];
  return steps.filter((step) => step !== null).toSorted((a, b) => a.atMs - b.atMs);
}

const HOOK_ENDS = { done: 'is done', failed: 'fails', cutOff: 'is cut short: the grace period is over' } as const;

function hookStep(preStop: RunRecord['termination']['preStop']): Step | null {
  if (preStop === null || preStop.end === 'overtaken') return null;
  return { atMs: preStop.endedAtMs, text: `preStop ${HOOK_ENDS[preStop.end]}` };
}

/** Whether it ended by what the hook did, or by itself meanwhile. */
function isOvertaken({ termination }: RunRecord): boolean {
  return termination.preStop?.end === 'overtaken';
}

function isBefore(atMs: number, endMs: number | null): boolean {
  return endMs === null || atMs <= endMs;
}

/** What was used of the grace period, and what was left. */
export function budgetText(run: RunRecord): string {
  const { graceMs } = run.plan.resolved;
  const { exitedAtMs, sigkillFired } = run.termination;
  const hookMs = run.termination.preStop?.endedAtMs ?? 0;
  if (exitedAtMs === null) return 'Budget: when it ended is not known.';
  const shutdown = `shutdown ${time(Math.max(0, exitedAtMs - hookMs))}`;
  const parts = isOvertaken(run)
    ? [`preStop ${time(exitedAtMs)}`]
    : [...(hookMs > 0 ? [`preStop ${time(hookMs)}`] : []), shutdown];
  const used = `Budget: ${parts.join(' + ')} of ${period(graceMs)}`;
  const spareMs = graceMs - exitedAtMs;
  if (sigkillFired === true) return `${used}, ended by SIGKILL.`;
  return spareMs >= 0 ? `${used}, ${time(spareMs)} to spare.` : `${used}, ${time(-spareMs)} more than there is.`;
}

/** What this run says that the app needs, and the lines of a manifest for it. */
export function needsOf(run: RunRecord): readonly [string, readonly string[]] {
  const { exitedAtMs, sigkillFired, preStop } = run.termination;
  const sleepMs = neededSleepMs(run);
  const sleep = sleepText(sleepMs, run);
  const sleepLines = sleepMs === 0 ? [] : [preStopSleepLine(sleepMs)];
  if (exitedAtMs === null || sigkillFired !== false)
    return [`Needs ${sleep}. How long its shutdown takes is not known: it was not let finish.`, sleepLines];
  const neededMs = sleepMs + Math.max(0, exitedAtMs - (preStop?.endedAtMs ?? 0));
  const seconds = advisedSeconds(sleepMs, neededMs);
  const { graceMs } = run.plan.resolved;
  const has = seconds * 1000 > graceMs ? '' : `; the ${period(graceMs)} that it has are enough`;
  return [
    `Needs ${sleep}, and a grace period of at least ${seconds} s for ${sleepMs === 0 ? '' : 'that and '}this run's shutdown, with a quarter to spare${has}. One run is no measurement: \`shutdown-check budget\` repeats it.`,
    [`terminationGracePeriodSeconds: ${Math.max(seconds, Math.ceil(graceMs / 1000))}`, ...sleepLines],
  ];
}

/** 0 where nothing is routed here, or it was seen to go on accepting by itself for as long as traffic was. */
function neededSleepMs({ plan, termination, findings }: RunRecord): number {
  const { preStop, routingLagMs, load } = plan.resolved;
  if (!isRouted(plan.resolved)) return 0;
  // Who makes no new connections is refused none, and cannot tell.
  if (load.connections === 'pooled') return coveringSleepMs(routingLagMs);
  const lasted = (termination.exitedAtMs ?? 0) > routingLagMs && termination.sigkillFired === false;
  const isRefused = findings.some(({ code }) => code === 'REFUSED_WHILE_ROUTED');
  return preStop === null && lasted && !isRefused ? 0 : coveringSleepMs(routingLagMs);
}

function sleepText(sleepMs: number, { plan }: RunRecord): string {
  if (!isRouted(plan.resolved)) return 'no preStop sleep: nothing is routed to it once the stop begins';
  const lag = `the routing lag of ${period(plan.resolved.routingLagMs)}`;
  return sleepMs === 0
    ? `no preStop sleep: it went on accepting to the end of ${lag}`
    : `a preStop sleep of ${period(sleepMs)}, the first whole second after ${lag}`;
}
