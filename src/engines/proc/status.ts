import type { ProcessFacts, SignalMasks } from '../engine.ts';

/**
 * A process as /proc tells it: its `status`, or those lines of it that are read here, and its `cmdline`, arguments ended
 * by NUL. The process number is that of whoever read `status`. Null where that is none. (proc_pid_status(5))
 */
export function processFrom(status: string, cmdline: string, pid1: number): ProcessFacts | null {
  const field = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.trim() ?? '';
  const pid = Number(field('Pid') || Number.NaN);
  if (!Number.isInteger(pid)) return null;
  const state = field('State').charAt(0) || null;
  return {
    pid,
    ppid: Number(field('PPid')),
    isPid1: pid === pid1,
    command: commandOf(cmdline, field('Name'), state),
    state,
    masks: masksOf(field('SigCgt'), field('SigIgn'), field('SigBlk')),
  };
}

/** Words with blanks between, as `ps` shows them; where there are none, the name. */
function commandOf(cmdline: string, name: string, state: string | null): string {
  if (state === 'Z') return `[${name}] <defunct>`;
  return cmdline.replace(/\0+$/, '').replaceAll('\0', ' ').trim() || name;
}

/** Null unless all three are masks. `ps` puts a `<` before one that it had to shorten; the signals of interest are left. */
export function masksOf(...printed: readonly [caught: string, ignored: string, blocked: string]): SignalMasks | null {
  const [caught, ignored, blocked] = printed.map((mask) => mask.replace(/^<|>$/g, ''));
  const isMask = (text: string | undefined): text is string => /^[0-9a-f]+$/i.test(text ?? '');
  return isMask(caught) && isMask(ignored) && isMask(blocked) ? { caught, ignored, blocked } : null;
}
