import { type CauseCode, causeOf } from '../diagnosis/finding.ts';
import { drainSignalOf } from '../diagnosis/known-software.ts';
import { isSupervisor, roleOf } from '../diagnosis/processes.ts';
import { coveringSleepMs } from '../plan/covering-sleep.ts';
import { formatDuration } from '../plan/durations.ts';
import type { RunRecord } from '../result.ts';
import type { Change, Remedy } from './change.ts';
import { execFormOf } from './exec-form.ts';

/** What to try: changes of one kind, one after the other until one passes. Or why not, continuing "Not tried: …". */
export type Candidate =
  | { readonly kind: 'try'; readonly remedy: Remedy; readonly ladder: readonly Change[] }
  | { readonly kind: 'skip'; readonly remedy: Remedy; readonly change: string; readonly because: string };

/** What makes sense for a cause, the best first: what passes first in this order is advised. */
const REMEDIES: Readonly<Partial<Record<CauseCode, readonly Remedy[]>>> = {
  // An init does not mend the start, but the app ends at once on a signal that PID 1 would not get.
  LOST_AT_STARTUP: ['init'],
  SHELL_IS_PID1: ['exec-form', 'init'],
  SIGNAL_NOT_FORWARDED: ['exec-form', 'init'],
  NAMESPACE_TEARDOWN: ['exec-form', 'init'],
  PID1_NO_HANDLER: ['stop-signal', 'init'],
  DEFAULT_ACTION_DEATH: ['stop-signal'],
  WRONG_STOP_SIGNAL: ['stop-signal'],
  PRESTOP_EXHAUSTED_GRACE: ['pre-stop', 'grace'],
  HANDLER_EXCEEDS_GRACE: ['grace'],
  CAUSE_UNCLEAR: ['exec-form', 'stop-signal', 'init', 'grace'],
};

/** What is tried first where there was no grace period at all. */
const SHORTEST_MS = 1_000;

/** What programs drain on, the usual first: an image's STOPSIGNAL may be none of them. */
const USUAL_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT'];

const CANDIDATES: Readonly<Record<Remedy, (run: RunRecord) => readonly Candidate[]>> = {
  'exec-form': execForm,
  'stop-signal': stopSignal,
  init,
  'pre-stop': preStop,
  grace,
};

/** The single changes to try on a failing run, in order; none where only the app itself can be changed. */
export function candidatesFor(run: RunRecord): readonly Candidate[] {
  const ofCause = REMEDIES[causeOf(run)?.code as CauseCode] ?? [];
  const isRefused = run.findings.some(({ code }) => code === 'REFUSED_WHILE_ROUTED');
  const remedies = new Set([...ofCause, ...(isRefused ? (['pre-stop'] as const) : [])]);
  return [...remedies].flatMap((remedy) => CANDIDATES[remedy](run));
}

function execForm(run: RunRecord): readonly Candidate[] {
  const found = execFormOf(run);
  if (found === null) return [];
  if (!('because' in found)) return [tryOne(found)];
  return [skip('exec-form', isCommand(run) ? 'without a shell' : `${found.instruction} [...]`, found.because)];
}

function stopSignal(run: RunRecord): readonly Candidate[] {
  const { processes, target } = run;
  const words = isCommand(run) ? '--stop-signal' : 'STOPSIGNAL';
  if (processes.some((process) => process.isPid1 && isSupervisor(process))) {
    const because = 'only the supervisor would get it; what it sends is in its configuration';
    return [skip('stop-signal', words, because)];
  }
  const known = processes.map(drainSignalOf).find((software) => software !== null);
  if (known?.drainsOn === target.stopSignal) {
    return [skip('stop-signal', words, `${known.software} drains on ${known.drainsOn}, which it got`)];
  }
  const signals = known ? [known.drainsOn] : USUAL_SIGNALS.filter((signal) => signal !== target.stopSignal);
  return signals.map((signal) => tryOne({ remedy: 'stop-signal', signal }));
}

function init({ processes, plan }: RunRecord): readonly Candidate[] {
  const pid1 = processes.find(({ isPid1 }) => isPid1);
  const isThere = plan.resolved.container.init || (pid1 !== undefined && roleOf(pid1) === 'init');
  const because = `PID 1 is an init already${pid1 ? ` (\`${pid1.command}\`)` : ''}`;
  return [isThere ? skip('init', '--init', because) : tryOne({ remedy: 'init' })];
}

/** Twice the grace period, four times, and so on; the longest allowed at last. */
function grace({ plan, termination }: RunRecord): readonly Candidate[] {
  if (termination.sigkillFired !== true) return [];
  const { graceMs, maxGraceMs } = plan.resolved;
  const ladder: Change[] = [];
  for (let next = graceMs * 2 || SHORTEST_MS; next < maxGraceMs; next *= 2)
    ladder.push({ remedy: 'grace', graceMs: next });
  if (maxGraceMs > graceMs) ladder.push({ remedy: 'grace', graceMs: maxGraceMs });
  if (ladder.length > 0) return [{ kind: 'try', remedy: 'grace', ladder }];
  const because = `it had ${formatDuration(graceMs)}; \`--max-grace\` allows ${formatDuration(maxGraceMs)}`;
  return [skip('grace', 'a longer grace period', because)];
}

/** A sleep that covers the routing lag, where there is none that does. */
function preStop({ plan }: RunRecord): readonly Candidate[] {
  const { profile, preStop: hook, routingLagMs } = plan.resolved;
  const sleepMs = coveringSleepMs(routingLagMs);
  if (profile === 'docker') return [];
  const isThere = hook?.kind === 'sleep' && hook.sleepMs <= sleepMs && hook.sleepMs > routingLagMs;
  const because = `it slept for ${formatDuration(sleepMs)} already`;
  return [isThere ? skip('pre-stop', 'preStop sleep', because) : tryOne({ remedy: 'pre-stop', sleepMs })];
}

function isCommand({ plan }: RunRecord): boolean {
  return plan.resolved.image.kind === 'command';
}

function tryOne(change: Change): Candidate {
  return { kind: 'try', remedy: change.remedy, ladder: [change] };
}

function skip(remedy: Remedy, change: string, because: string): Candidate {
  return { kind: 'skip', remedy, change, because };
}
