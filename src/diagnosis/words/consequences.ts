import type { ConsequenceCode } from '../finding.ts';
import type { Limited } from '../../limits.ts';
import { allowedText, OVER_ADVICE, overText } from './limits.ts';
import { agesOf, asSentence, count, fromTo, seconds, someOf, tick, type Words } from './phrases.ts';

/** The sentences of what followed, and of what a run is worth. */
export const CONSEQUENCE_WORDS = {
  IN_FLIGHT_LOST: (a: {
    lost: number;
    truncated: number;
    read: number;
    /** When each was cut off, from the begin of the stop. */
    cutAtMs: readonly number[];
  }): Words => ({
    message: `${count(a.lost + a.truncated, 'request')} under way ${a.lost + a.truncated === 1 ? 'was' : 'were'} cut off ${fromTo(a.cutAtMs)} after the stop began${a.truncated === 0 ? '' : `, ${a.truncated} of them inside the response`}. ${whatWasRead(a.lost + a.truncated, a.read)}`,
    advice: null,
  }),
  LATE_LOST: (a: { lost: number; signal: string }): Words => ({
    message: `${count(a.lost, 'request')} taken after ${a.signal} ${a.lost === 1 ? 'was' : 'were'} cut off while the process lived on: it goes on accepting connections and then drops them.`,
    advice:
      'Close the listener first, so that late connections are refused and clients go elsewhere; do not destroy accepted ones.',
  }),
  JOBS_LOST: (a: {
    lost: number;
    /** Empty where the patterns name none. */
    names: readonly string[];
    /** When each was started, from the stop on. */
    startedAtMs: readonly number[];
    afterSignal: number;
    /** Whether the signal reached a handler of the app's. */
    learned: boolean;
    signal: string;
  }): Words => ({
    message: `${count(a.lost, 'job')}${a.names.length === 0 ? '' : ` (${someOf(a.names)})`} ${a.lost === 1 ? 'was' : 'were'} started and never finished${agesOf(a.startedAtMs)}.${
      a.afterSignal === 0
        ? ''
        : ` ${a.afterSignal === a.lost ? (a.lost === 1 ? 'It' : 'All of them') : String(a.afterSignal)} had been started after ${a.signal}.`
    }`,
    advice: a.afterSignal === 0 || !a.learned ? null : `Take no new job once ${a.signal} has come.`,
  }),
  REFUSED_WHILE_ROUTED: (a: {
    refused: number;
    rejected: number;
    /** The first and the last of them, from T0; null where there was none. */
    fromMs: number | null;
    untilMs: number | null;
    lagMs: number;
    /** When preStop ended; null where there was none. */
    hookMs: number | null;
    /** When it was gone, where the lag was not over; from then on nothing was sent. */
    goneAtMs: number | null;
    /** Whether the sequence has a preStop. */
    isPod: boolean;
    /** The shortest sleep that covers the lag, seconds. */
    sleepS: number;
  }): Words => ({
    message: [
      a.fromMs === null || a.untilMs === null
        ? ''
        : `${turnedAway(a.refused, a.rejected)} while traffic was still routed here, ${a.fromMs === a.untilMs ? seconds(a.fromMs) : `from ${seconds(a.fromMs)} to ${seconds(a.untilMs)}`} after the stop began: the routing goes on for ${seconds(a.lagMs)}${heldBack(a.hookMs)}.`,
      a.goneAtMs === null
        ? ''
        : `It had ended after ${seconds(a.goneAtMs)}${a.fromMs === null ? `, while the routing goes on for ${seconds(a.lagMs)}${heldBack(a.hookMs)}` : ''}: what would still have come in the ${seconds(a.lagMs - a.goneAtMs)} after that, and was not sent here, would have been refused too.`,
    ]
      .filter(Boolean)
      .join(' '),
    advice: a.isPod
      ? `Let preStop ${a.hookMs === null ? '' : 'itself '}outlast the lag, so that the app closes its listener only when nobody comes any more: \`lifecycle.preStop.sleep.seconds: ${a.sleepS}\`. \`--pre-stop sleep:${a.sleepS}s\` tries it here.${a.hookMs === null ? '' : ' A container has one preStop hook: the sleep takes its place, or comes first in what it runs.'}`
      : `Go on accepting for ${a.sleepS} s after the signal, and close the listener then.`,
  }),
  PRESTOP_FAILED: (a: {
    hook: string;
    kind: 'exec' | 'http' | 'sleep';
    afterMs: number;
    /** null where it was still running when the grace period was over. */
    because: string | null;
    signal: string;
    sleepS: number;
    /** Whether the app ended well all the same, so that no other finding tells of the grace period. */
    isHarmless: boolean;
  }): Words => ({
    message:
      a.because === null
        ? `preStop (${tick(a.hook)}) was not done when the grace period was over; ${a.signal} came only then.`
        : `preStop (${tick(a.hook)}) failed after ${seconds(a.afterMs)}, and ${a.signal} followed at once. ${a.because.replace(/\.?$/, '.')}`,
    advice:
      a.kind === 'exec' && a.because !== null
        ? `No shell reads the command, and its program has to be in the image. A sleep needs nothing in it (Kubernetes 1.34, on by default from 1.30): \`lifecycle.preStop.sleep.seconds: ${a.sleepS}\`. \`--pre-stop sleep:${a.sleepS}s\` tries it here.`
        : a.because === null && a.isHarmless
          ? 'The app had the two seconds that are left at the least, and they were enough this time. Shorten the hook, or set `terminationGracePeriodSeconds` to the hook and the longest request together, with room to spare.'
          : null,
  }),
  READINESS_STAYED_UP: (a: { path: string; forMs: number; signal: string }): Words => ({
    message: `${tick(a.path)} went on answering that it is ready for ${seconds(a.forMs)} after ${a.signal}, while the app was draining.`,
    advice:
      'Kubernetes takes a terminating pod out of its endpoints by itself, but a load balancer with health checks of its own goes by this: answer 503 there from the signal on.',
  }),
  SIDECAR_KILLED: (a: {
    sidecars: readonly { name: string; signal: string; signalledAtMs: number; leftMs: number }[];
    graceMs: number;
    /** Whether none of them had more time than the least that there is. */
    isLeast: boolean;
  }): Words => ({
    message: a.sidecars
      .map(
        ({ name, signal, signalledAtMs, leftMs }) =>
          `The sidecar ${name} got ${signal} ${seconds(signalledAtMs)} after the stop began, and was ended by SIGKILL ${seconds(leftMs)} later.`,
      )
      .join(' '),
    advice: a.isLeast
      ? `The app and its sidecars share the grace period of ${seconds(a.graceMs)}, the app comes first, and it left them nothing: give all of them longer, or let the app end sooner.`
      : 'See that the signal reaches what runs in it (an exec-form command, or an init in front), and that it ends by itself then.',
  }),
  REJECTED_IN_FLIGHT: (a: { rejected: number; allowed: number; isAllowed: boolean }): Words => ({
    message: a.isAllowed
      ? `${count(a.rejected, 'request')} ${a.rejected === 1 ? 'was' : 'were'} turned away with 503 or 429 and should have been served; ${allowedText(a.allowed)}.`
      : `${count(a.rejected, 'request')} from before the signal ${a.rejected === 1 ? 'was' : 'were'} turned away with 503 or 429${a.allowed === 0 ? '' : `; ${allowedText(a.allowed)}`}.`,
    advice: a.isAllowed ? null : 'Answer what was accepted before the signal; turn away only what comes after it.',
  }),
  OVER_BUDGET: (a: { what: Limited; limitMs: number; wasMs: number }): Words => ({
    message: asSentence(overText(a)),
    advice: OVER_ADVICE[a.what],
  }),
  FAILED_WHILE_DRAINING: (a: { badStatus: number; timedOut: number; statuses: readonly number[] }): Words => ({
    message: `After the signal ${count(a.badStatus + a.timedOut, 'request')} failed: ${[
      a.badStatus > 0 ? `${a.badStatus} with status ${a.statuses.join(', ')}` : '',
      a.timedOut > 0 ? `${a.timedOut} without an answer in time` : '',
    ]
      .filter(Boolean)
      .join(', ')}.`,
    advice: 'Close what requests depend on (database pools, caches) only after the last answer is out.',
  }),
  UNEXPECTED_EXIT_CODE: (a: {
    exitCode: number;
    accepted: readonly number[];
    because: string | null;
    nothingLost: boolean;
  }): Words => ({
    message: `Exit code ${a.exitCode}; accepted ${a.accepted.length === 1 ? 'is' : 'are'} ${a.accepted.join(', ')}.${a.because === null ? '' : ` ${a.because}`}`,
    advice: a.nothingLost
      ? `Nothing was lost. If this is how the app ends, \`--accept-exit-code ${[...a.accepted, a.exitCode].join(',')}\` says so.`
      : null,
  }),
  HELD_CUT: (a: { held: readonly string[]; streams: boolean; webSockets: boolean }): Words => ({
    message: `${count(a.held.length, 'held connection')} (${[...new Set(a.held)].join(', ')}) ${a.held.length === 1 ? 'was' : 'were'} cut off instead of ended: to the client that is an error, and what was on its way is lost.`,
    advice: [
      a.streams ? 'On the signal end every event stream (`response.end()`).' : '',
      a.webSockets ? 'On the signal send every WebSocket a close frame with code 1001, going away.' : '',
    ]
      .filter(Boolean)
      .join(' '),
  }),
  PARKED_LOST: (a: { cut: number; statuses: readonly number[]; of: number }): Words => ({
    message: `Of ${count(a.of, 'parked request')}, which the app had whole, ${[
      a.cut > 0 ? `${a.cut} ${a.cut === 1 ? 'was' : 'were'} cut off` : '',
      a.statuses.length > 0
        ? `${a.statuses.length} ${a.statuses.length === 1 ? 'was' : 'were'} answered with status ${[...new Set(a.statuses)].join(', ')}`
        : '',
    ]
      .filter(Boolean)
      .join(' and ')}. They had begun before the signal.`,
    advice: 'Close a connection on which a request has begun only after its answer, or before the last of it has come.',
  }),
  HELD_ENDED_EARLY: (a: { held: readonly string[] }): Words => ({
    message: `${count(a.held.length, 'held connection')} (${a.held.join(', ')}) ended before the signal, so this run shows nothing about ${a.held.length === 1 ? 'it' : 'them'}.`,
    advice: 'Name a path whose stream goes on for longer than the warm-up, or shorten `--warmup`.',
  }),
  PARK_DROPPED: (a: { because: string }): Words => ({
    message: `Nothing was parked: ${a.because}.`,
    advice: null,
  }),
  KEEPALIVE_RESET: (a: { count: number }): Words => ({
    message: `${count(a.count, 'request')} crossed with the closing of ${a.count === 1 ? 'a kept-alive connection' : 'kept-alive connections'}; nobody acted on ${a.count === 1 ? 'it' : 'them'}. Correct servers do this too, and clients may send such requests again.`,
    advice: null,
  }),
  BACKLOG_RESET: (a: { count: number }): Words => ({
    message: `${count(a.count, 'request')} waited to be accepted when the listener closed; the app never read ${a.count === 1 ? 'it' : 'them'}. Correct servers do this too, and clients may send such requests again.`,
    advice: null,
  }),
  NOTHING_IN_FLIGHT: (a: {
    /** Lines that told of jobs; null where there is a load. */
    jobs: number | null;
    ratePerSecond: number;
    path: string;
    enough: number | null;
    canPark: boolean;
  }): Words =>
    a.jobs === null
      ? {
          message: `No request was in flight when the signal came, so this run shows nothing about draining.`,
          advice: `Ask a slower endpoint than ${tick(a.path)} (\`--path\`), or more often than ${a.ratePerSecond} a second (\`--rate${a.enough === null ? '' : ` ${a.enough}`}\`)${a.canPark ? ', or hold requests half-sent across the signal (`--park 3`)' : ''}.`,
        }
      : {
          message: `No job was under way when the signal came, so this run shows nothing about what becomes of one.`,
          advice:
            a.jobs === 0
              ? 'No line of the log matched `--job-start`: check the pattern, or let it work longer (`--warmup`).'
              : 'Give it jobs that take longer, or more of them.',
        },
  NOTHING_WATCHED: (a: { exitCode: number | null }): Words => ({
    message: `It was sent no requests and no jobs were watched for, so this run shows no more than how it ended: exit code ${a.exitCode ?? 'unknown'}.`,
    advice:
      "Name the lines of its log by which a job begins and ends: `--job-start 'job (\\d+) begins' --job-end 'job (\\d+) done'`.",
  }),
  READY_BEFORE_SIGNAL: (a: { stoppedAfterMs: number; readyAfterMs: number }): Words => ({
    message: `It was ready ${seconds(a.readyAfterMs)} after its start, before the stop came at ${seconds(a.stoppedAfterMs)}, so this run shows nothing about its start-up.`,
    advice: `Stop it sooner: \`--when ${Math.max(1, Math.floor(a.readyAfterMs / 2))}ms\`.`,
  }),
  UNHEALTHY_BEFORE_SIGNAL: (a: { failed: number; of: number; example: string }): Words => ({
    message: `${a.failed} of ${a.of} requests failed before the signal (${a.example}), so failures after it say nothing about the shutdown.`,
    advice:
      'Name a path that the app serves well (`--path`), what it should answer (`--expect-status`), or a lower `--rate`.',
  }),
  HARNESS_LIMIT: (a: {
    latenessP99Ms: number;
    faults: number;
    firstFault: string | null;
    blindMs: number | null;
  }): Words => ({
    message: `This machine could not keep the load on schedule (p99 ${Math.round(a.latenessP99Ms)} ms late${a.blindMs === null ? '' : `; no request left in ${Math.round(a.blindMs)} ms of the stop, most of it`}${a.faults === 0 ? '' : `; ${count(a.faults, 'request')} never left: ${a.firstFault}`}), so the measurement is not worth a pass.`,
    advice: 'Run with a lower `--rate`, or on a less busy machine.',
  }),
  TOO_AMBIGUOUS: (a: { ambiguous: number; of: number; viaProxy: boolean }): Words => ({
    message: a.viaProxy
      ? `Of ${a.ambiguous} of ${a.of} requests after the signal nobody can tell whether they were lost or refused: the engine's proxy ends both alike.`
      : `${a.ambiguous} of ${a.of} answers after the signal were shorter than before, and only the connection's end said that they were whole: they may have been cut.`,
    advice: a.viaProxy
      ? "Run where the container's own address can be reached (a Linux engine on this host)."
      : 'Answer with `Content-Length` or chunked, so that a client can tell a cut from an end.',
  }),
} as const satisfies Readonly<Record<ConsequenceCode, (args: never) => Words>>;

function whatWasRead(cut: number, read: number): string {
  if (read === 0) return `That the app had read ${cut === 1 ? 'it' : 'any of them'} is not known.`;
  if (cut === 1) return 'The app had read it: sent again, it may be done twice.';
  if (read === cut)
    return `The app had read ${cut === 2 ? 'both' : 'all'} of them: sent again, they may be done twice.`;
  return `The app had read ${read} of them: sent again, ${read === 1 ? 'it' : 'those'} may be done twice.`;
}

function heldBack(hookMs: number | null): string {
  return hookMs === null
    ? ', and nothing held the app back until then'
    : `, and preStop was over after ${seconds(hookMs)}`;
}

function turnedAway(refused: number, rejected: number): string {
  const parts = [
    refused > 0 ? `${count(refused, 'new request')} ${refused === 1 ? 'was' : 'were'} refused` : '',
    rejected > 0 ? `${count(rejected, 'request')} ${rejected === 1 ? 'was' : 'were'} turned away with 503 or 429` : '',
  ];
  return parts.filter(Boolean).join(', and ');
}
