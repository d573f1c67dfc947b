import { killerOf } from '../kernel-record.ts';
import type { ListenerClose } from '../load/listener.ts';
import type { Observation, TimedEvent } from '../observation.ts';
import type { SignalRecord, TerminationRecord } from '../result.ts';
import { exitCodeOf } from '../signals.ts';
import { readinessOf } from './readiness-record.ts';

/** How the target was stopped and how it ended, from what the engine said. Pure. */
export function recordTermination(
  observation: Observation,
  close: ListenerClose,
  drainMs: number | null,
): TerminationRecord {
  const refusedAtUs = close.firstRefusedUs;
  return {
    ...recordEnd(observation),
    listenerClosedAtMs: refusedAtUs === null ? null : (refusedAtUs - observation.t0Us) / 1000,
    drainMs,
    preStop: observation.preStop,
    readiness: readinessOf(observation),
    sidecars: observation.sidecars,
  };
}

/** What tells of a container's end. */
export interface EndSeen extends Pick<Observation, 'engine' | 'events' | 'kernel' | 'signalFromMs'> {
  readonly plan: Pick<Observation['plan'], 'profile' | 'graceMs'>;
  readonly target: Pick<Observation['target'], 'stopSignal'>;
  readonly exit: Pick<Observation['exit'], 'exitCode' | 'oomKilled' | 'atMs'>;
}

/** The signals that came, and how it ended. Pure. */
export type EndRecord = Pick<
  TerminationRecord,
  'signals' | 'sigkillFired' | 'sigkillEvidence' | 'exitCode' | 'oomKilled' | 'exitedAtMs'
>;

export function recordEnd(seen: EndSeen): EndRecord {
  const signals = signalsOf(seen);
  const { exitCode, oomKilled, atMs } = seen.exit;
  return {
    signals,
    ...sigkill(seen, signals),
    exitCode,
    oomKilled: oomKilled || seen.events.some(({ action }) => action === 'oom'),
    exitedAtMs: atMs,
  };
}

/**
 * The signals that the engine logged. The stop's escalation comes only after the grace period, so an earlier SIGKILL is
 * somebody else's; so is every stop signal after the first.
 */
function signalsOf({ engine, events, plan, target, signalFromMs }: EndSeen): readonly SignalRecord[] {
  const kills = events.filter((event): event is TimedEvent & { signal: string } => event.signal !== null);
  // During preStop somebody else may have sent one.
  const first = kills.find(({ signal, atMs }) => signal === target.stopSignal && atMs >= signalFromMs);
  const escalation = kills.find(
    ({ signal, atMs }) => signal === 'SIGKILL' && atMs >= plan.graceMs && signal !== target.stopSignal,
  );
  // In a bare namespace there is nobody else to send them; a pod's are sent one by one.
  const stopper = engine.kind === 'namespace' || plan.profile === 'kubernetes' ? 'harness' : 'engine';
  return kills.map((event) => ({
    signal: event.signal,
    atMs: event.atMs,
    sender: event === first || event === escalation ? stopper : 'other',
  }));
}

/** Whether a signal is the stop's own, whoever carries that out, and not somebody else's meanwhile. */
export function isOfTheStop(sender: SignalRecord['sender']): boolean {
  return sender === 'engine' || sender === 'harness';
}

/**
 * SIGKILL by escalation takes the engine's `kill` event after the grace period, exit code 137, and that memory did not
 * run out instead. Podman logs no `kill` events; there the exit code and the time taken stand in, and the evidence says so.
 */
function sigkill(
  seen: EndSeen,
  signals: readonly SignalRecord[],
): Pick<TerminationRecord, 'sigkillFired' | 'sigkillEvidence'> {
  const { events, exit, plan } = seen;
  if (exit.exitCode === null) return { sigkillFired: null, sigkillEvidence: null };
  const died = exit.exitCode === exitCodeOf('SIGKILL');
  if (events.some(({ action }) => action === 'kill')) {
    // A STOPSIGNAL of SIGKILL is the stop's as well, and escalates nothing.
    const escalated = signals.some(
      ({ signal, sender, atMs }) => signal === 'SIGKILL' && isOfTheStop(sender) && atMs >= plan.graceMs,
    );
    return { sigkillFired: died && escalated && !diedOfMemory(seen), sigkillEvidence: 'event' };
  }
  const isLate = (exit.atMs ?? 0) >= plan.graceMs;
  return { sigkillFired: died && !exit.oomKilled && isLate, sigkillEvidence: 'inferred' };
}

/**
 * Whether memory ran out during the stop, by the kernel's record of who killed PID 1, else by the engine's event. Its word
 * of the container's state says it for good, of any process that the container ever lost so.
 */
function diedOfMemory(seen: EndSeen): boolean {
  const { kernel, events } = seen;
  const killer = kernel.kind === 'traced' ? killerOf(seen, kernel.pid1) : null;
  return killer ? killer.kind === 'kernel' : events.some(({ action, atMs }) => action === 'oom' && atMs >= 0);
}
