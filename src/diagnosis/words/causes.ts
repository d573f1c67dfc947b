import type { TargetNoun } from '../../plan/terms.ts';
import type { CauseCode } from '../finding.ts';
import { atStart, count, mebibytes, seconds, tick, times, whereItStood, type Words } from './phrases.ts';
import { exitCodeOf } from '../../signals.ts';
import { isTitle } from '../processes.ts';
import type { StoppedWrongly, Unhandled } from '../stopped-wrongly.ts';
import { noHandlerPossible, stoppedWrongly } from './stop-signal.ts';

const HANDLE_IT = {
  request: 'Handle it in the app: stop accepting, answer what is in flight, close kept-alive connections, then exit 0.',
  job: 'Handle it in the app: take no new job, finish those under way or give them back to their queue, then exit 0.',
} as const;

/** What ends later than this may have waited for something. */
const A_WHILE_MS = 500;

/** The kernel's word of a fault in the program itself, or the program's own (abort). */
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'];

/** The sentences of the causes. */
export const CAUSE_WORDS = {
  OOM_KILLED: (a: {
    limitBytes: number | null;
    afterMs: number | null;
    app: string;
    signal: string;
    target: TargetNoun;
    /** Whether the whole target ended with it, or only a process in it. */
    isWhole: boolean;
  }): Words => ({
    message: a.isWhole
      ? `The kernel killed ${tick(a.app)} for want of memory${limit(a.limitBytes)}${a.afterMs === null ? '' : `, ${seconds(a.afterMs)} after ${a.signal}`}. Nobody sent a SIGKILL for being late.`
      : `After ${a.signal} the kernel killed a process of the ${a.target}'s for want of memory${limit(a.limitBytes)}.`,
    advice: 'Raise the memory limit, or find what the shutdown allocates.',
  }),
  LOST_AT_STARTUP: (a: {
    app: string;
    signal: string;
    /** From the start to the stop. */
    stoppedAfterMs: number;
    /** The shell that ran in the app's place then; null where the app itself did. */
    script: string | null;
    /** From the stop; null where it was not seen. */
    handlerAtMs: number | null;
    readyAtMs: number | null;
    graceMs: number;
  }): Words => ({
    message: `${tick(a.app)} was still starting when ${a.signal} came, ${seconds(a.stoppedAfterMs)} after its start, and the signal was lost: ${[
      a.handlerAtMs === null
        ? ''
        : `its handler was not there yet (first seen ${seconds(a.handlerAtMs)} after the stop)`,
      a.readyAtMs === null ? '' : `it became ready ${seconds(a.readyAtMs)} after the stop and went on`,
      a.handlerAtMs === null && a.readyAtMs === null ? 'it had no handler yet, and never got ready' : '',
    ]
      .filter(Boolean)
      .join('; ')}. SIGKILL ended it after the grace period of ${seconds(a.graceMs)}.`,
    advice:
      a.script === null
        ? `Install the handler before anything else: before connecting, migrating or loading (Node: \`process.on('${a.signal}', …)\` at the top of the first file). Let it exit at once while there is nothing to drain, or set a flag that is checked when the start-up is done.`
        : `${tick(a.script)} ran first, and a shell that is PID 1 discards what it does not trap: put \`trap 'exit 0' ${a.signal.replace(/^SIG/, '')}\` before whatever takes time there, run that in the background and \`wait\` for it. The app's own handler comes first thing in the app.`,
  }),
  SHELL_IS_PID1: (a: {
    pid1: string;
    app: string;
    signal: string;
    /** It catches the signal, and passed nothing on all the same. */
    hasTrap: boolean;
    graceMs: number;
    remedy: string;
  }): Words => ({
    message: `A shell is PID 1 (${tick(a.pid1)}). ${a.signal} went to the shell, which passed nothing on${a.hasTrap ? ' (a shell runs its trap when the command in the foreground is done)' : ''}: ${tick(a.app)} never learned of the stop, served on, and was cut off by SIGKILL after the grace period of ${seconds(a.graceMs)}.`,
    advice: a.remedy,
  }),
  SIGNAL_NOT_FORWARDED: (a: {
    pid1: string;
    app: string;
    signal: string;
    /** How the app ended: by SIGKILL, with PID 1, or in a way of its own. */
    how: 'forced' | 'torn-down' | 'unlearned';
    /** PID 1 did pass the signal on, but to a shell between it and the app. */
    isSupervised: boolean;
    /** How to do without PID 1. */
    remedy: string;
  }): Words => ({
    message:
      a.how === 'forced'
        ? `${tick(a.pid1)} is PID 1 and did not pass ${a.signal} on: ${tick(a.app)} never learned of the stop and was cut off by SIGKILL.`
        : a.how === 'unlearned'
          ? `${tick(a.pid1)} is PID 1 and did not pass ${a.signal} on: ${tick(a.app)} had ended without it, with requests open.`
          : `${tick(a.pid1)} is PID 1; it left on ${a.signal} without waiting for ${tick(a.app)}, which the kernel then killed with it.${a.isSupervised ? ' The signal went to the shell between the two.' : ''}`,
    advice: a.isSupervised
      ? `In the supervisor's configuration put \`exec\` before the app in the program's \`command\`, so that it takes the shell's place${isTitle(a.app) ? '' : `: \`exec ${a.app}\``}. \`stopasgroup\` is no cure: the supervisor waits for the shell only.`
      : a.remedy,
  }),
  NAMESPACE_TEARDOWN: (a: {
    pid1: string;
    app: string;
    /** What was killed. */
    what: 'app' | 'workers';
    signal: string;
    /** Whether the signal had reached the app; null where that is not known. */
    reached: boolean | null;
    afterMs: number | null;
    exitCode: number | null;
    looksClean: boolean;
    /** Who sent the stop signal. */
    stopper: string;
    remedy: string;
  }): Words => ({
    message: `PID 1 (${tick(a.pid1)}) left ${a.afterMs === null ? 'soon' : seconds(a.afterMs)} after ${a.signal}, and the kernel killed ${a.what === 'app' ? tick(a.app) : `the workers of ${tick(a.app)}`} with it${whereItStood(a.reached)}. ${atStart(a.stopper)} sent no SIGKILL${a.looksClean ? ` and exit code ${a.exitCode} looks clean` : ''}, but what was in flight is gone.`,
    advice: a.remedy,
  }),
  PID1_NO_HANDLER: (a: {
    app: string;
    signal: string;
    of: keyof typeof HANDLE_IT;
    graceMs: number;
    /** A process of its own that handles the signal, and may be the app itself; null for none. */
    started: string | null;
  }): Words => ({
    message: `${tick(a.app)} is PID 1 and has no handler for ${a.signal}; the kernel discards a signal that PID 1 does not handle. It went on as if nothing had happened, until SIGKILL after the grace period of ${seconds(a.graceMs)}.`,
    advice: `${HANDLE_IT[a.of]} An init in front (\`--init\`, tini) would only make the loss quicker: without a handler the app then dies at once.${a.started === null ? '' : ` If the app is ${tick(a.started)}, which that started: start it without ${tick(a.app)} in front, or pass ${a.signal} on from there, and wait for it.`}`,
  }),
  DEFAULT_ACTION_DEATH: (a: {
    app: string;
    signal: string;
    of: keyof typeof HANDLE_IT;
    init: string | null;
    isCertain: boolean;
    exitCode: number | null;
  }): Words => ({
    message: `${tick(a.app)} died of ${a.signal} at once${a.init === null ? '' : ` (${tick(a.init)} passed it on)`}: it has no handler of its own${a.isCertain ? '' : ', or one that exits at once'}; ending the process is what the signal does by default. Exit code ${a.exitCode}.`,
    advice: HANDLE_IT[a.of],
  }),
  WRONG_STOP_SIGNAL: (a: StoppedWrongly | Unhandled): Words =>
    'unhandled' in a ? noHandlerPossible(a) : stoppedWrongly(a),
  STUCK_ON_CONNECTIONS: (a: {
    app: string;
    signal: string;
    answeredMs: number;
    late: number;
    /** Held connections that were open to the end. */
    held: readonly string[];
    /** Other connections that were open to the end. */
    idle: number;
    graceMs: number;
    /** Whether it runs in Node, whose calls are named then. */
    isNode: boolean;
  }): Words => ({
    message: `${tick(a.app)} answered everything from before ${a.signal} within ${seconds(a.answeredMs)}, but did not exit: ${[
      a.late > 0 ? `clients kept their connections, sent ${a.late} more requests on them and were answered` : '',
      a.held.length > 0 ? `${count(a.held.length, 'held connection')} (${a.held.join(', ')}) stayed open` : '',
      a.late + a.held.length === 0
        ? `${count(a.idle, 'connection')} that it had nothing left to answer on stayed open`
        : '',
    ]
      .filter(Boolean)
      .join(', and ')}. It waited for them until SIGKILL after ${seconds(a.graceMs)}.`,
    advice:
      a.late === 0 && a.held.length > 0
        ? 'A longer grace period is no cure: such a connection is left only by whoever ends it. On the signal end every event stream (`response.end()`), and send every WebSocket a close frame (1001, going away).'
        : `A longer grace period is no cure. From the signal on answer with \`Connection: close\` and close idle connections${a.isNode ? ' (Node: `server.closeIdleConnections()`; `server.close()` alone waits for clients that stay busy)' : ''}, and close what is left after a time limit${a.isNode ? ' (`server.closeAllConnections()`)' : ' shorter than the grace period'}.`,
  }),
  PRESTOP_EXHAUSTED_GRACE: (a: {
    app: string;
    signal: string;
    /** As one types it. */
    hook: string;
    tookMs: number;
    /** It was still running when the grace period was over. */
    isCut: boolean;
    graceMs: number;
    /** From the signal to SIGKILL. */
    leftMs: number;
    open: number;
  }): Words => ({
    message: `preStop (${tick(a.hook)}) ${a.isCut ? 'used up' : `took ${seconds(a.tookMs)} of`} the grace period of ${seconds(a.graceMs)}, which counts from its start: ${tick(a.app)} got ${a.signal} with ${seconds(a.leftMs)} left until SIGKILL${a.open === 0 ? '' : `, and ${count(a.open, 'request')} from before the signal ${a.open === 1 ? 'was' : 'were'} still open then`}.`,
    advice:
      'One clock runs over preStop and shutdown together: shorten the hook to what the endpoints need to go, or set `terminationGracePeriodSeconds` to the hook and the longest request together, with room to spare.',
  }),
  HANDLER_EXCEEDS_GRACE: (a: {
    app: string;
    signal: string;
    open: number;
    of: keyof typeof HANDLE_IT;
    graceMs: number;
    /** What the preStop hook took of it; null where there was none. */
    preStopMs: number | null;
  }): Words => ({
    message: `${tick(a.app)} handles ${a.signal} and was draining, but not in time: ${count(a.open, a.of)} from before the signal ${a.open === 1 ? 'was' : 'were'} still ${a.of === 'job' ? 'under way' : 'open'} when the grace period of ${seconds(a.graceMs)}${a.preStopMs === null ? '' : `, of which preStop took ${seconds(a.preStopMs)},`} ended and SIGKILL came.`,
    advice: `Give it longer than its longest ${a.of} takes (\`docker stop -t\`, Compose \`stop_grace_period\`, Kubernetes \`terminationGracePeriodSeconds\`), or bound what a ${a.of} may take. \`--grace ${twice(a.graceMs)}\` tries it here.`,
  }),
  ABRUPT_EXIT: (a: {
    app: string;
    signal: string;
    /** Whether it ended while its preStop hook ran. */
    isBeforeSignal: boolean;
    lost: number;
    of: keyof typeof HANDLE_IT;
    /** How many times it got the signal; null where the kernel did not tell. */
    signals: number | null;
    afterMs: number | null;
    exitCode: number | null;
    /** Whether that is an exit code to be content with. */
    isAccepted: boolean;
  }): Words => ({
    message: `${a.isBeforeSignal ? `${tick(a.app)} ended while its preStop hook ran, before the stop signal was sent,` : `${tick(a.app)} got ${a.signal}${times(a.signals ?? 1)} and exited${a.afterMs === null ? '' : ` ${seconds(a.afterMs)} later`}`} with ${count(a.lost, a.of)} still ${a.of === 'job' ? 'under way' : 'being answered'}.${whatCodeShows(a.exitCode, a.isAccepted)}`,
    advice:
      a.of === 'job'
        ? 'Exit when the last job is done, or has been given back to its queue, not before.'
        : [
            crashOf(a.exitCode) === null
              ? ''
              : 'Find in its log, or in a core dump, what its way out stumbles on: that comes before all else.',
            'Exit when the last answer is out, not before (in Node: `server.close(() => process.exit(0))`, not `process.exit()` in the handler).',
            (a.signals ?? 1) > 1
              ? 'Many handlers take a second signal for impatience: send it once, by the init or by the script, not by both.'
              : '',
            (a.afterMs ?? 0) < A_WHILE_MS
              ? ''
              : 'If it waits, but with a time limit of its own (gunicorn: `--graceful-timeout`), that has to be longer than its longest request takes.',
          ]
            .filter(Boolean)
            .join(' '),
  }),
  CAUSE_UNCLEAR: (a: { candidates: readonly string[]; tell: string }): Words => ({
    message: `What happened is certain, why is not. It could be: ${a.candidates.join('; ')}.`,
    advice: a.tell,
  }),
} as const satisfies Readonly<Record<CauseCode, (args: never) => Words>>;

/** An accepted exit code looks clean; one of a crash says more than that it failed. */
function whatCodeShows(exitCode: number | null, isAccepted: boolean): string {
  const crash = crashOf(exitCode);
  if (crash !== null) return ` Exit code ${exitCode}: it crashed (${crash}).`;
  return isAccepted ? ` Exit code ${exitCode} does not show it.` : '';
}

/** The signal by which the kernel, or the program itself, ended it for a fault of its own. */
function crashOf(exitCode: number | null): string | null {
  return CRASHES.find((signal) => exitCodeOf(signal) === exitCode) ?? null;
}

/** Twice a grace period as a flag takes it; what was none at all becomes a second. */
function twice(graceMs: number): string {
  const twiceMs = graceMs === 0 ? 1_000 : graceMs * 2;
  return twiceMs % 1_000 === 0 ? `${twiceMs / 1_000}s` : `${twiceMs}ms`;
}

function limit(bytes: number | null): string {
  return bytes === null ? '' : ` (limit ${mebibytes(bytes)})`;
}
