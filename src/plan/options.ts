import type { NotOfBudget, OnlyOfRun } from './only-of-run.ts';
import type { HealthcheckPlan, PreStopPlan, Profile } from './plan.ts';

/** How a request to the target looks; the load mixes requests by their share or their own period. */
export interface RequestOptions {
  /** Path and query, starting with a slash. */
  readonly path: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Its part of `rate`, relative to the other shares. Default 1 where `everyMs` is not given. */
  readonly share?: number;
  /** Sent once every so many milliseconds, beside `rate`. Excludes `share`. */
  readonly everyMs?: number;
}

/** Which connections the load uses: a new one for each request, kept-alive ones, or half and half. */
export type Connections = 'fresh' | 'pooled' | 'both';

/** What every check takes, whatever it is that is stopped. The command line's flags have the same names. */
export interface CommonOptions {
  /** What it is called in reports. Default: the service's name, or what was named to be checked. */
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run an init as PID 1: the engine's own, as `docker run --init`; for a command one that is installed. */
  readonly init?: boolean;
  /** Goes before the image's STOPSIGNAL. Default SIGTERM. */
  readonly stopSignal?: string;
  /** The port the app listens on. Default: the image's only EXPOSE; of a command the only one that it opens. */
  readonly port?: number;

  /** Default: `path`. */
  readonly readyPath?: string;
  /** The port that `readyPath` is asked on. Default: the one that requests go to. */
  readonly readyPort?: number;
  /** Default 120,000. */
  readonly readyTimeoutMs?: number;

  /** What is kept on the container: HTTP requests (the default), or nothing, for a worker without a port. */
  readonly load?: 'requests' | 'none';
  /**
   * A line of the log that says that a job begins, as a regular expression; a group in it, such as `job (\\d+)`, names
   * the job. Wants `load: 'none'` and `jobEnd`.
   */
  readonly jobStart?: string;
  /** The same for the line that says that it is done. */
  readonly jobEnd?: string;
  /** Requests a second, or `auto` (the default): as many as keep about three in flight. */
  readonly rate?: number | 'auto';
  /** Default `/`. */
  readonly path?: string;
  /** Default GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A mix of requests; takes the place of `path`, `method`, `headers` and `body`. */
  readonly requests?: readonly RequestOptions[];
  /** Statuses that count as served. Default: those below 500, except 429, that the app gave in the warm-up. */
  readonly expectStatus?: readonly number[];
  /** Default: grace + 5,000. */
  readonly requestTimeoutMs?: number;
  /** Default 5,000, for a command 1,000, of which the first 1,500 (30 % where shorter) are ramp and do not count. */
  readonly warmupMs?: number;
  /** Default `both`. */
  readonly connections?: Connections;
  /** Speak TLS to the app. `insecure` and `ca` say so too. */
  readonly https?: boolean;
  /** Take any certificate. */
  readonly insecure?: boolean;
  /** PEM file with the certificates to trust, in place of those that Node ships. */
  readonly ca?: string;
  /** Speak HTTP/2: with prior knowledge, over TLS by ALPN. */
  readonly http2?: boolean;
  /** gRPC method to call with an empty message, `package.Service/Method`, or `health` for the standard health check. */
  readonly grpc?: string;
  /** Header that carries a request's row in the ledger, so that the app's own log can be held against it. */
  readonly requestIdHeader?: string;
  /** Requests held half-sent across the signal, beside the steady load. Default 0. */
  readonly park?: number;
  /** Connections held open across the stop, each `sse:/path` or `ws:/path`. */
  readonly hold?: readonly string[];
  /** The stop waits up to 5 s for so many requests in flight. Default 1. */
  readonly minInFlight?: number;

  /**
   * When it is stopped: `ready` (the default), under load; or while it still starts: so many milliseconds after its
   * start, `starting` for 500.
   */
  readonly when?: 'ready' | 'starting' | number;
  /**
   * Whose sequence the stop follows: `docker` (the default), `docker stop`'s; or `kubernetes`, the kubelet's: endpoints
   * that go away, preStop, and one grace period for both.
   */
  readonly profile?: Profile;
  /**
   * From T0 to SIGKILL; in the docker profile T0 is the stop signal, and an image's are whole seconds, as the engine
   * counts. Default 10,000, in the kubernetes profile 30,000.
   */
  readonly graceMs?: number;
  /**
   * What is done before the stop signal, in the kubernetes profile: `exec:sleep 5`, `http:/drain` or `sleep:5s`; or the
   * same as a record.
   */
  readonly preStop?: string | PreStopPlan;
  /** For how long after T0 traffic is still routed here, new connections too. Default 0, in the kubernetes profile 2,000. */
  readonly routingLagMs?: number;
  /** Whether requests go on over open connections after that. Default `go`. In the kubernetes profile. */
  readonly pooledAfterLag?: 'go' | 'stop';
  /** Default 0 and 128 + the stop signal's number. */
  readonly acceptExitCodes?: readonly number[];
  /** The longest drain that passes: from the signal to the end of the last request that was in flight when it came. Default: any. */
  readonly maxDrainMs?: number;
  /** The longest stop that passes: from T0 to the exit, which is what a deploy waits. Default: any. */
  readonly maxStopMs?: number;
  /**
   * The longest wait that passes: of the requests that were open when the signal (of a pod: the stop) came, or were sent later,
   * 99 of 100 that were answered waited no longer, from when they were due. Default: any.
   */
  readonly maxLatencyMs?: number;
  /** So many requests may be turned away (503, 429) that should have been served. Default 0. */
  readonly maxRejected?: number;
  /** Judge unread losses in the unavoidable race as failures too. */
  readonly strictUnread?: boolean;
  /** Whether the kernel's own record of the signals is read: `auto` (the default) where root and tracefs are there. */
  readonly kernelTrace?: 'auto' | 'on' | 'off';
  /** Lines of the log to mark in the report, as regular expressions. */
  readonly logMatch?: readonly string[];
  /** Where it fails: run it again with one change at a time, to find what mends it. */
  readonly prove?: boolean;
  /** The longest grace period that a proof may try. Default 120,000. */
  readonly maxGraceMs?: number;
  /** How many times it is checked, one run after the other, each of the same image. Default 1. */
  readonly repeat?: number;
  /** Bounds the whole run, build included. Default 1,800,000. */
  readonly timeoutMs?: number;
}

/** What `run` takes. Everything but `target`, or what takes its place, has a default. */
export interface RunOptions extends CommonOptions {
  /** A Dockerfile, a folder with one, a compose file, or an image reference. An existing path wins. */
  readonly target?: string;
  /**
   * In the place of `target`: a file with a Kubernetes manifest, which says what is run, how, and how it is stopped. Every
   * other option goes over what it says.
   */
  readonly manifest?: string;
  /** The manifest's container that is meant, by name; `workload/name` where several have it; or a workload's, where it has one. Default: the only one. */
  readonly container?: string;
  /** A Dockerfile, or a folder with one, that is built in place of the manifest's image. */
  readonly build?: string;
  /**
   * In the place of `target`: a container that runs already, by its name, its id or the beginning of that. It is stopped, and
   * left as the stop leaves it.
   */
  readonly attach?: string;
  /** Take `target` as an image reference even where a path of that name exists. */
  readonly image?: boolean;
  /** The service of a compose file to check. Default: the only one, or the only one that the file builds. */
  readonly service?: string;
  /** Check every service of a compose file that takes requests, one after the other. Excludes `service`. */
  readonly all?: boolean;
  /**
   * Containers of the same file that run beside the target as sidecars do in Kubernetes: stopped after it, the last first,
   * within the same grace period.
   */
  readonly sidecars?: readonly string[];

  /** Build context. Default: the Dockerfile's folder. */
  readonly context?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly buildTarget?: string;
  /** `os/arch[/variant]`, for build, pull and run. */
  readonly platform?: string;
  /** When to pull the image (for a Dockerfile: its base images, `always` only). Default `missing`. */
  readonly pull?: 'always' | 'missing' | 'never';

  /** Bytes. */
  readonly memoryBytes?: number;
  readonly cpus?: number;
  readonly user?: string;
  /** Working directory in the container. Default: the image's. */
  readonly workingDir?: string;
  /** Replaces the image's entrypoint; an empty list clears it. */
  readonly entrypoint?: readonly string[];
  /** Replaces the image's command. */
  readonly command?: readonly string[];
  readonly network?: string;
  /** As `docker run --volume`: `source:target[:mode]`, or a target alone for an empty one. */
  readonly volumes?: readonly string[];
  /** Stands in the place of the image's HEALTHCHECK. */
  readonly healthcheck?: HealthcheckPlan;
}

/**
 * What `budget` takes: a run's options, but for those of a single stop. The profile is `kubernetes` where nothing is said,
 * for a compose file `docker`.
 */
export interface BudgetOptions extends Omit<RunOptions, NotOfBudget> {
  /** How many times it is stopped. Default 10. */
  readonly runs?: number;
  /** Requests a second, the runs spread over them evenly. Default: what `auto` finds, half and twice of it. */
  readonly rates?: readonly number[];
}

/** What `exec` takes. Everything but `command` has a default. */
export interface ExecOptions extends CommonOptions {
  /** The program and its arguments, as they are given to the kernel: no shell reads them. */
  readonly command: readonly string[];
  /** Folder that it is started in. Default: the current one. */
  readonly directory?: string;
  /**
   * `own`: a network that reaches nothing but itself, so that runs side by side may open the same port. Default where the
   * program may make one (as root) and requests are sent; else `host`, this machine's.
   */
  readonly network?: 'own' | 'host';
}

/**
 * What `rollout` takes: a run's options, but for those of a single stop. The profile is `kubernetes` where nothing is said,
 * for a compose file `docker`.
 */
export interface RolloutOptions extends Omit<RunOptions, OnlyOfRun> {
  /** How many containers there are, each replaced in its turn. Default 3. */
  readonly replicas?: number;
  /** `haproxy` (the default), the path of a HAProxy, or an image of it with its tag. */
  readonly balancer?: string;
  /** How often the balancer tries a connection again that could not be made. Default 3, HAProxy's own. */
  readonly balancerRetries?: number;
}
