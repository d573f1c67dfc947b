/** Linux's own numbers: an engine counts in these even where this program runs on a Mac. Index + 1 is the number. */
const LINUX_SIGNALS = (
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT ' +
  'CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
).split(' ');

const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;

/**
 * The name (`SIGTERM`, `SIGRTMIN+3`) of a signal that an image or an engine spells `15`, `TERM`, `sigterm` or
 * `SIGRTMIN+3`. What is no signal comes back as it is.
 */
export function signalName(spelling: string): string {
  const text = spelling.trim().toUpperCase();
  if (/^\d+$/.test(text)) return nameOfNumber(Number(text)) ?? spelling;
  return text.startsWith('SIG') ? text : `SIG${text}`;
}

function nameOfNumber(number: number): string | null {
  if (number === FIRST_REAL_TIME) return 'SIGRTMIN';
  if (number > FIRST_REAL_TIME && number <= LAST_REAL_TIME) return `SIGRTMIN+${number - FIRST_REAL_TIME}`;
  const name = LINUX_SIGNALS[number - 1];
  return name === undefined ? null : `SIG${name}`;
}
