import { endsWithin, within } from '../../load/within.ts';
import { signalNumber } from '../../signals.ts';
import type { EngineEvent, TargetState } from '../engine.ts';
import type { Launched } from './launch.ts';

/** What waits for a device in the kernel does not end by SIGKILL. No more than this is waited for it. */
const KILL_MS = 10_000;

/** How a command is ended, and what is told of it. */
export interface Ending {
  state(): TargetState;
  /** Calls `onEvent` for each event from now on; for the end at once where that has been. */
  watch(onEvent: (event: EngineEvent) => void): Disposable;
  /** Sends the signal and, after `graceMs`, SIGKILL. Resolves when everything in there is gone, or will not go. */
  stop(signal: string, graceMs: number): Promise<void>;
  /** Sends a signal, where it still runs. */
  send(signal: string): void;
  /** Sends SIGKILL at once, which nobody is told of. Resolves when nothing is left. */
  kill(): Promise<void>;
}

export function endingOf({ pid1, ended, leftNothing }: Pick<Launched, 'pid1' | 'ended' | 'leftNothing'>): Ending {
  const watchers = new Set<(event: EngineEvent) => void>();
  let end: { readonly exitCode: number; readonly epochMs: number } | null = null;
  const tell = (event: EngineEvent): void => watchers.forEach((watcher) => watcher(event));
  const gone = ended.then((exitCode) => {
    end = { exitCode, epochMs: Date.now() };
    tell({ action: 'die', signal: null, exitCode });
  });
  const send = (signal: string): void => {
    if (end === null && sendSignal(pid1, signal)) tell({ action: 'kill', signal, exitCode: null });
  };
  return {
    state: () => ({
      running: end === null,
      exitCode: end?.exitCode ?? null,
      oomKilled: false,
      error: '',
      startedAgain: false,
      health: null,
      healthOutput: '',
      endedEpochMs: end?.epochMs ?? null,
    }),
    watch(onEvent) {
      watchers.add(onEvent);
      if (end !== null) onEvent({ action: 'die', signal: null, exitCode: end.exitCode });
      return { [Symbol.dispose]: () => void watchers.delete(onEvent) };
    },
    async stop(signal, graceMs) {
      send(signal);
      const isGone = await endsWithin(gone, graceMs);
      if (!isGone) send('SIGKILL');
      await within(KILL_MS, gone);
    },
    send,
    async kill() {
      if (end === null) sendSignal(pid1, 'SIGKILL');
      await within(KILL_MS, leftNothing);
    },
  };
}

/** Whether it was there to be sent one. */
function sendSignal(pid: number, signal: string): boolean {
  try {
    // Node knows the real-time signals by their numbers alone.
    return process.kill(pid, signalNumber(signal) ?? signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
