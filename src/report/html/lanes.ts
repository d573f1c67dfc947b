import { baseName, programName } from '../../diagnosis/processes.ts';
import { exitedAtMs, signalsFromT0, tookSignal } from '../../kernel-record.ts';
import type { ProcessRecord, RunRecord } from '../../result.ts';
import { signalsOf } from '../totals.ts';
import type { Lane } from './drawing.ts';
import { rounded } from './scale.ts';

/** More than these would be a drawing of their own; the table of processes has them all. */
const MOST_LANES = 12;
/** A target that signals itself without end is drawn only so far. */
const MOST_SIGNALS = 12;

/** A lane for each process, from the begin of the drawing to its end, with the signals that it got. */
export function lanesOf(run: RunRecord, fromMs: number, untilMs: number): readonly Lane[] {
  return run.processes.slice(0, MOST_LANES).map((process) => ({
    label: `${baseName(programName(process))}${process.isPid1 ? ' (PID 1)' : ''}`,
    fromMs: rounded(fromMs),
    untilMs: rounded(endOf(process, run) ?? untilMs),
    signals: signalsTo(process, run).slice(0, MOST_SIGNALS),
  }));
}

/** By the kernel's record, else by when it was missed first; what was never missed ended with the target. */
function endOf({ pid, goneByMs, isPid1 }: ProcessRecord, { observation, termination }: RunRecord): number | null {
  const recorded = exitedAtMs(observation, pid);
  return recorded ?? (isPid1 ? null : goneByMs) ?? termination.exitedAtMs;
}

/** The kernel's own word where it was asked; else what the engine sent, which goes to PID 1. */
function signalsTo({ pid, isPid1 }: ProcessRecord, run: RunRecord): Lane['signals'] {
  const { observation, target } = run;
  if (observation.kernel.kind === 'traced') {
    const isStop = (signal: string): boolean => signal === target.stopSignal;
    const ignored = tookSignal(observation, pid) === 'ignored';
    return signalsFromT0(observation)
      .filter(({ receiver }) => receiver.pid === pid)
      .map(({ signal, atMs }) => ({ atMs, text: `${signal}${isStop(signal) && ignored ? ', ignored' : ''}` }));
  }
  return isPid1 ? signalsOf(run).map(({ signal, atMs }) => ({ atMs, text: signal })) : [];
}
