import { constants } from 'node:os';

/** The number of a signal by its name (`SIGTERM`); null where this platform does not know it. */
export function signalNumber(name: string): number | null {
  return (constants.signals as Readonly<Record<string, number | undefined>>)[name] ?? null;
}

/** Whether a mask as the kernel prints it, hexadecimal, has the signal's bit; bit n-1 is signal n. */
export function maskHas(mask: string, signal: string): boolean {
  const number = signalNumber(signal);
  return number !== null && ((BigInt(`0x${mask}`) >> BigInt(number - 1)) & 1n) === 1n;
}

/** The exit code that says "died of this signal", as shells and engines tell it. */
export function exitCodeOf(signal: string): number | null {
  const number = signalNumber(signal);
  return number === null ? null : 128 + number;
}
