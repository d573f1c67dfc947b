import type { DockerfilePlaces } from '../image/dockerfile-places.ts';
import type { ContainerPlan, ContainerSource, Plan } from '../plan/plan.ts';

/** Which engine answered, for the saved result. */
export interface EngineInfo {
  readonly kind: 'docker' | 'podman' | 'namespace' | 'kubernetes';
  readonly version: string;
  readonly apiVersion: string | null;
}

/** What an image says about itself. */
export interface ImageFacts {
  /** null where a program of this machine stands in for an image. */
  readonly id: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  /** The image's own STOPSIGNAL, or null. */
  readonly stopSignal: string | null;
  /** TCP ports of EXPOSE, ascending. */
  readonly exposedPorts: readonly number[];
  readonly hasHealthcheck: boolean;
  /** Where its Dockerfile says so; null where it was not built from one here. */
  readonly dockerfile: DockerfilePlaces | null;
}

/** How requests reach the target. */
export type Via = 'container' | 'published-port' | 'helper' | 'local';

export interface TargetAddress {
  readonly host: string;
  readonly port: number;
  readonly via: Via;
}

/** One process of the target. Masks are the kernel's: bit n-1 is signal n; null where they could not be read. */
export interface ProcessFacts {
  readonly pid: number;
  readonly ppid: number;
  readonly isPid1: boolean;
  readonly command: string;
  /** `ps` state letters, such as `Ss` or `Z`. */
  readonly state: string | null;
  readonly masks: SignalMasks | null;
}

export interface SignalMasks {
  /** Hexadecimal, as the kernel prints them. */
  readonly caught: string;
  readonly ignored: string;
  readonly blocked: string;
}

/** How the process table was read: by the engine, from this machine's /proc, or through a container beside the target. */
export type ProcessSource = 'engine' | 'proc' | 'helper';

export interface ProcessReading {
  readonly by: ProcessSource;
  /** Numbered by the engine's host, or, by a helper, by the target's own PID namespace, where PID 1 is 1. */
  readonly processes: readonly ProcessFacts[];
  /** Why there are no masks, continuing "Signal masks could not be read: …"; left out where there are. */
  readonly withoutMasksBecause?: string;
}

/** A TCP connection of the target's. */
export interface SocketFacts {
  readonly localPort: number;
  /** `address:port` of the other end. */
  readonly peer: string;
  readonly state: 'established' | 'closeWait' | 'finWait' | 'other';
}

/** The target's TCP sockets at a moment. */
export interface SocketTable {
  /** Ports that are listened on, ascending. */
  readonly listening: readonly number[];
  readonly connections: readonly SocketFacts[];
}

/** Whether and how the target is running, as the engine's inspection says. */
export interface TargetState {
  readonly running: boolean;
  /** null while it runs. */
  readonly exitCode: number | null;
  readonly oomKilled: boolean;
  /** The engine's own error about the container, or empty. */
  readonly error: string;
  /** Whether a restart policy has started it again since; the rest is of the run that ended. */
  readonly startedAgain: boolean;
  /** `healthy`, `starting`, `unhealthy`; null where there is no health check. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** Output of the last health check, or empty. */
  readonly healthOutput: string;
  /** When its first process ended, by the engine's calendar, milliseconds since 1970; null while it runs. */
  readonly endedEpochMs: number | null;
}

/** Something the engine said about the target while it was watched. */
export interface EngineEvent {
  readonly action: 'kill' | 'die' | 'stop' | 'oom';
  /** Signal name (`SIGTERM`) of a `kill`, else null. */
  readonly signal: string | null;
  /** Exit code of a `die`, else null. */
  readonly exitCode: number | null;
}

/** A line of the target's output, without its line end. */
export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Lines of output as they come. */
export interface LogStream extends Disposable {
  /** Resolves when every line has been given out, or no more can come. */
  readonly ended: Promise<void>;
}

/** How a command ended that was run in a target beside what runs there. */
export interface CommandEnd {
  readonly exitCode: number;
  /** The end of what it wrote, or why the engine could not start it. */
  readonly output: string;
}

/** A prepared image: it exists on the engine. */
export interface PreparedImage extends ImageFacts {
  /** What the engine calls it. */
  readonly reference: string;
}

/** What is known of a container that somebody else has started. */
export interface AttachedFacts {
  /** As people call it, without the engine's slash. */
  readonly name: string;
  /** What it was made of, as its maker named it. */
  readonly image: string;
  /** Who started it, by its labels; null where they do not say so. */
  readonly startedBy:
    | { readonly kind: 'compose'; readonly project: string; readonly service: string }
    | { readonly kind: 'testcontainers' }
    | null;
  /** Whether the engine itself removes it when it ends, as it was asked to at its start. */
  readonly removedAtEnd: boolean;
  /** Why the engine cannot show what it writes, a sentence of the engine's; null where it can. */
  readonly withoutLogBecause: string | null;
}

/** A started target. It is removed on disposal, whatever state it is in; one that was attached to is left as it is. */
export interface Target extends AsyncDisposable {
  /** The engine's name for it. */
  readonly id: string;
  /** null for one that was started here. */
  readonly attached: AttachedFacts | null;
  /** The signal that a stop sends first. */
  readonly stopSignal: string;
  /** Entrypoint as it runs, overrides included, or null. */
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  /** The address to use for a port: the target's own where it can be reached from here, else a published one. */
  addressOf(port: number): Promise<TargetAddress>;
  state(): Promise<TargetState>;
  /** Its first process by the number that this machine's own kernel gives it; null where it runs under another kernel. */
  readonly kernelPid1: number | null;
  /** The process tree with signal masks; null where it cannot be read. */
  processes(): Promise<ProcessReading | null>;
  /** Its TCP sockets; null where they cannot be read without disturbing it. */
  sockets(): Promise<SocketTable | null>;
  /** TCP ports that something in the target listens on, ascending; null where that cannot be told. */
  listeningPorts(): Promise<readonly number[] | null>;
  /** Calls `onEvent` for each event from now on, or for an end that has been. Resolves when the subscription stands. */
  watch(onEvent: (event: EngineEvent) => void): Promise<Disposable>;
  /** Calls `onLine` for each line of output since the start, or since it was attached to, then as they come. */
  followLogs(onLine: (line: LogLine) => void): LogStream;
  /** Sends the stop signal and, after `graceMs`, SIGKILL, both by the engine itself. Resolves when it has stopped. */
  stop(graceMs: number): Promise<void>;
  /** Sends a signal to its first process, and nothing more. Resolves when it has been sent, or nothing runs to get it. */
  signal(name: string): Promise<void>;
  /**
   * Runs a command in it, as `docker exec` does. It ends with the target at the latest, and `abort` only leaves it. One that
   * cannot be started is told by the exit codes that shells have for it, 126 and 127.
   *
   * @throws Error where the engine does not answer, or the target is gone.
   */
  exec(command: readonly string[], abort: AbortSignal): Promise<CommandEnd>;
}

/** A network on which containers find each other by their aliases. It is removed on disposal, when they are gone. */
export interface Network extends AsyncDisposable {
  /** What the engine calls it, for a container's plan. */
  readonly name: string;
}

/** Somebody else who may write into a folder of the engine's host. */
export interface Writer {
  /** The container's name. */
  readonly container: string;
  readonly folder: string;
}

/** Something that runs targets. Tests use real ones only. */
export interface Engine extends AsyncDisposable {
  readonly info: EngineInfo;
  /** Whether the engine has the image already. */
  hasImage(reference: string): Promise<boolean>;
  /** Builds, pulls or finds what is to be started. `onProgress` gets a line for the status display. */
  prepareImage(source: Plan['image'], onProgress: (line: string) => void, abort: AbortSignal): Promise<PreparedImage>;
  /** A running container that has one of these folders mounted to write in, or one in or around it; null where none has. */
  writerOf(folders: readonly string[]): Promise<Writer | null>;
  /** Makes a network of this engine's own. Commands have none. */
  createNetwork(): Promise<Network>;
  /** Creates and starts the target. `ports` are those that may have to be published. */
  start(image: PreparedImage, plan: ContainerPlan, ports: readonly number[]): Promise<Target>;
  /** Takes a container that runs already for a target. Of how it is started only the stop signal can count. */
  attach(source: ContainerSource, plan: Pick<Plan, 'profile' | 'container'>): Promise<Target>;
}
