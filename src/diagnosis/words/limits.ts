import type { Limited, Over } from '../../limits.ts';
import { seconds, tick } from './phrases.ts';

/** A limit that was passed, as a clause: `the drain took 4.1 s, and --max-drain is 2 s`. */
export function overText({ what, limitMs, wasMs }: Over): string {
  // What is beyond is told to be so, however little that is.
  const isClose = seconds(wasMs) === seconds(limitMs);
  const was = isClose ? `${Math.ceil(wasMs)} ms` : seconds(wasMs);
  return `${TOOK[what]} ${was}, and \`--max-${what}\` is ${isClose ? `${limitMs} ms` : seconds(limitMs)}`;
}

const TOOK = {
  drain: 'the drain took',
  stop: 'the stop took',
  latency: '99 of 100 answers during the stop took up to',
} as const;

/** How many may be turned away, as a clause. */
export function allowedText(allowed: number): string {
  return `${tick(`--max-rejected ${allowed}`)} allows so many`;
}

/** What to do about each. */
export const OVER_ADVICE: Readonly<Record<Limited, string>> = {
  drain:
    'Shorten the longest request, or have long work end early once the signal has come. If it has to take so long, raise `--max-drain`.',
  stop: 'See what takes the time: the drain, or what comes after it (pools, timers, connections that stay open). If it has to take so long, raise `--max-stop`.',
  latency:
    'See that the app goes on answering at its usual pace while it drains: what is closed or slowed down first makes the rest wait. If it may, raise `--max-latency`.',
};
