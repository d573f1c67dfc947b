import type { FindingCode } from './finding.ts';
import { agesOf, count, mebibytes, quote, seconds, someOf, tick, times, whereItStood } from './phrases.ts';
import type { StoppedWrongly } from './stopped-wrongly.ts';

/** A finding's sentences. */
interface Words {
  readonly message: string;
  readonly advice: string | null;
}

const HANDLE_IT = {
  request: 'Handle it in the app: stop accepting, answer what is in flight, close kept-alive connections, then exit 0.',
  job: 'Handle it in the app: take no new job, finish those under way or give them back to their queue, then exit 0.',
} as const;

/** What ends later than this may have waited for something. */
const A_WHILE_MS = 500;

/** The sentences of every finding, in one place. What they are given is kept beside them as the finding's `args`. */
export const WORDS = {
  OOM_KILLED: (a: { limitBytes: number | null; afterMs: number | null; app: string; signal: string }): Words => ({
    message: `The kernel killed ${tick(a.app)} for want of memory${a.limitBytes === null ? '' : ` (limit ${mebibytes(a.limitBytes)})`}${a.afterMs === null ? '' : `, ${seconds(a.afterMs)} after ${a.signal}`}. Nobody sent a SIGKILL for being late.`,
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
    /** What PID 1 is called, whatever runs it. */
    wrapper: string;
    app: string;
    signal: string;
    forced: boolean;
    /** PID 1 did pass the signal on, but to a shell between it and the app. */
    isSupervised: boolean;
  }): Words => ({
    message: a.forced
      ? `${tick(a.pid1)} is PID 1 and did not pass ${a.signal} on: ${tick(a.app)} never learned of the stop and was cut off by SIGKILL.`
      : `${tick(a.pid1)} is PID 1; it left on ${a.signal} without waiting for ${tick(a.app)}, which the kernel then killed with it.${a.isSupervised ? ' The signal went to the shell between the two.' : ''}`,
    advice: a.isSupervised
      ? `In the supervisor's configuration put \`exec\` before the app in the program's \`command\`, so that it takes the shell's place: \`exec ${a.app}\`. \`stopasgroup\` is no cure: the supervisor waits for the shell only.`
      : `Start the app itself, without ${tick(a.wrapper)} in front: \`CMD [${a.app.split(/\s+/).map(quote).join(', ')}]\`.`,
  }),
  NAMESPACE_TEARDOWN: (a: {
    pid1: string;
    app: string;
    /** What was killed, where it is not the app. */
    what: string | null;
    signal: string;
    /** Whether the signal had reached the app; null where that is not known. */
    reached: boolean | null;
    afterMs: number | null;
    exitCode: number | null;
    looksClean: boolean;
    remedy: string;
  }): Words => ({
    message: `PID 1 (${tick(a.pid1)}) left ${a.afterMs === null ? 'soon' : seconds(a.afterMs)} after ${a.signal}, and the kernel killed ${a.what ?? tick(a.app)} with it${whereItStood(a.reached)}. The engine sent no SIGKILL${a.looksClean ? ` and exit code ${a.exitCode} looks clean` : ''}, but what was in flight is gone.`,
    advice: a.remedy,
  }),
  PID1_NO_HANDLER: (a: { app: string; signal: string; of: keyof typeof HANDLE_IT; graceMs: number }): Words => ({
    message: `${tick(a.app)} is PID 1 and has no handler for ${a.signal}; the kernel discards a signal that PID 1 does not handle. It went on as if nothing had happened, until SIGKILL after the grace period of ${seconds(a.graceMs)}.`,
    advice: `${HANDLE_IT[a.of]} An init in front (\`--init\`, tini) would only make the loss quicker: without a handler the app then dies at once.`,
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
  WRONG_STOP_SIGNAL: (a: Pick<StoppedWrongly, 'programs' | 'isSupervised' | 'isSeen'>): Words => ({
    message: `${a.isSupervised ? `The supervisor stops its programs with a signal of its own choice${a.isSeen ? '' : ', SIGTERM where its configuration names none'}. ` : ''}${a.programs.map(({ software, signal, drainsOn }) => `${software} drops what is in flight on ${signal}; it drains on ${drainsOn}.`).join(' ')}`,
    advice: [
      ...a.programs.map(({ software, drainsOn }) =>
        a.isSupervised
          ? `Add \`stopsignal=${drainsOn.slice('SIG'.length)}\` to the section of ${software} in the supervisor's configuration.`
          : `Add \`STOPSIGNAL ${drainsOn}\` to the Dockerfile. \`--stop-signal ${drainsOn}\` tries it here.`,
      ),
      ...a.programs.flatMap(({ also }) => also ?? []),
      ...(a.programs.length > 1
        ? ['The program with the highest `priority` is stopped first: let that be the one that takes the requests.']
        : []),
    ].join(' '),
  }),
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
  }): Words => ({
    message: `${tick(a.app)} answered everything from before ${a.signal} within ${seconds(a.answeredMs)}, but did not exit: ${[
      a.late > 0 ? `clients kept their connections, sent ${a.late} more requests on them and were served` : '',
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
        : 'A longer grace period is no cure. From the signal on answer with `Connection: close` and close idle connections (Node: `server.closeIdleConnections()`; `server.close()` alone waits for clients that stay busy), and close what is left after a time limit (`server.closeAllConnections()`).',
  }),
  HANDLER_EXCEEDS_GRACE: (a: {
    app: string;
    signal: string;
    open: number;
    of: keyof typeof HANDLE_IT;
    graceMs: number;
  }): Words => ({
    message: `${tick(a.app)} handles ${a.signal} and was draining, but not in time: ${count(a.open, a.of)} from before the signal ${a.open === 1 ? 'was' : 'were'} still ${a.of === 'job' ? 'under way' : 'open'} when the grace period of ${seconds(a.graceMs)} ended and SIGKILL came.`,
    advice: `Give it longer than its longest ${a.of} takes (\`docker stop -t\`, Compose \`stop_grace_period\`, Kubernetes \`terminationGracePeriodSeconds\`), or bound what a ${a.of} may take. \`--grace ${Math.ceil((a.graceMs * 2) / 1000)}s\` tries it here.`,
  }),
  ABRUPT_EXIT: (a: {
    app: string;
    signal: string;
    lost: number;
    of: keyof typeof HANDLE_IT;
    /** How many times it got the signal; null where the kernel did not tell. */
    signals: number | null;
    afterMs: number | null;
    exitCode: number | null;
  }): Words => ({
    message: `${tick(a.app)} got ${a.signal}${times(a.signals ?? 1)} and exited${a.afterMs === null ? '' : ` ${seconds(a.afterMs)} later`} with ${count(a.lost, a.of)} still ${a.of === 'job' ? 'under way' : 'being answered'}. Exit code ${a.exitCode} does not tell.`,
    advice:
      a.of === 'job'
        ? 'Exit when the last job is done, or has been given back to its queue, not before.'
        : [
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
  IN_FLIGHT_LOST: (a: { lost: number; truncated: number; read: number }): Words => ({
    message: `${count(a.lost + a.truncated, 'request')} being answered ${a.lost + a.truncated === 1 ? 'was' : 'were'} cut off${a.truncated === 0 ? '' : `, ${a.truncated} of them inside the response`}. The app had read ${a.read} of them: no client can safely send those again.`,
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
  REJECTED_IN_FLIGHT: (a: { rejected: number }): Words => ({
    message: `${count(a.rejected, 'request')} from before the signal ${a.rejected === 1 ? 'was' : 'were'} turned away with 503 or 429.`,
    advice: 'Answer what was accepted before the signal; turn away only what comes after it.',
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
} as const satisfies Readonly<Record<FindingCode, (args: never) => Words>>;

/** Where the Dockerfile says what a cause lies in: `Dockerfile:12`. */
export function whereItSays(instruction: string, at: string): string {
  return `${instruction} is at ${at}.`;
}
