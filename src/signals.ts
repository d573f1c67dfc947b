/**
 * Linux's signals, number 1 first. A container's kernel is Linux wherever this program runs, so its numbers count and
 * not those of `os.constants` (on macOS SIGUSR1 is 30). Source: signal(7).
 */
const SIGNALS = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT ' +
  'CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ');

/** siginfo's si_code of a signal that the kernel sends by itself (SI_KERNEL, include/uapi/asm-generic/siginfo.h). */
export const FROM_KERNEL = 128;

const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;

/** The number of a signal by its name (`SIGTERM`, `SIGRTMIN+3`); null where there is none such. */
export function signalNumber(name: string): number | null {
  const realTime = /^SIGRTMIN(?:\+(\d+))?$/.exec(name);
  if (realTime) {
    const number = FIRST_REAL_TIME + Number(realTime[1] ?? 0);
    return number <= LAST_REAL_TIME ? number : null;
  }
  const index = SIGNALS.indexOf(name.replace(/^SIG/, ''));
  return index < 0 ? null : index + 1;
}

/**
 * The name (`SIGTERM`, `SIGRTMIN+3`) of a signal that a user, an image or an engine spells `15`, `TERM` or `sigterm`;
 * null for what is no signal.
 */
export function signalName(spelling: string): string | null {
  const text = spelling.trim().toUpperCase();
  if (/^\d+$/.test(text)) return nameOfNumber(Number(text));
  const name = text.startsWith('SIG') ? text : `SIG${text}`;
  return signalNumber(name) === null ? null : name;
}

function nameOfNumber(number: number): string | null {
  if (number === FIRST_REAL_TIME) return 'SIGRTMIN';
  if (number > FIRST_REAL_TIME && number <= LAST_REAL_TIME) return `SIGRTMIN+${number - FIRST_REAL_TIME}`;
  const name = SIGNALS[number - 1];
  return name === undefined ? null : `SIG${name}`;
}

/** Whether a mask as the kernel prints it, hexadecimal, has the signal's bit; bit n-1 is signal n. */
export function maskHas(mask: string, signal: string): boolean {
  const number = signalNumber(signal);
  return number !== null && ((BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n) === 1n;
}

/** Whether a program can do anything of its own on a signal: the kernel acts on these two by itself (signal(7)). */
export function canBeHandled(signal: string): boolean {
  return signal !== 'SIGKILL' && signal !== 'SIGSTOP';
}

/** The exit code that says "died of this signal", as shells and engines tell it. */
export function exitCodeOf(signal: string): number | null {
  const number = signalNumber(signal);
  return number === null ? null : 128 + number;
}
