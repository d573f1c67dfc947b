import type { FilledIn } from './filled-in.ts';
import type { Connections } from './options.ts';

/** Where the image comes from. */
export type ImageSource =
  | {
      readonly kind: 'build';
      /** As the user named it. */
      readonly reference: string;
      /** Absolute path. */
      readonly dockerfile: string;
      /** Absolute path of the build context. */
      readonly context: string;
      readonly buildArgs: Readonly<Record<string, string>>;
      readonly buildTarget: string | null;
      readonly platform: string | null;
      readonly pull: 'always' | 'missing' | 'never';
    }
  | {
      readonly kind: 'image';
      readonly reference: string;
      readonly platform: string | null;
      readonly pull: 'always' | 'missing' | 'never';
    };

/** A program of this machine, in the place of an image. */
export interface CommandSource {
  readonly kind: 'command';
  /** As the user would type it. */
  readonly reference: string;
  readonly command: readonly string[];
  /** Absolute path of the folder that it is started in. */
  readonly directory: string;
}

/** A container that runs already, in the place of an image. */
export interface ContainerSource {
  readonly kind: 'container';
  /** Its name, its id or the beginning of that, as the user named it. */
  readonly reference: string;
}

/** What is stopped, by where it comes from. */
export type Source = ImageSource | CommandSource | ContainerSource;

export type SourceKind = Source['kind'];

/** Whose sequence the stop follows: `docker stop`'s, or the kubelet's, with endpoints that go away and a preStop hook. */
export type Profile = 'docker' | 'kubernetes';

/** What is done for the container before its stop signal, out of the same grace period. */
export type PreStopPlan =
  /** The command runs in the container; no shell reads it. */
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** A GET of the container's own. */
  | {
      readonly kind: 'http';
      /** null: the port that the app is asked on. */
      readonly port: number | null;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Over TLS, of which no certificate is checked. */
      readonly tls: boolean;
    }
  /** Nothing of the image's runs. */
  | { readonly kind: 'sleep'; readonly sleepMs: number };

/** What a file asks for and a run of this one container has not: said where the plan is, so that nobody is misled. */
export interface Missing {
  /** Such as `DB_PASSWORD from the secret "db"`. */
  readonly what: string;
  /** What to write to have it, such as `--env DB_PASSWORD=...`; null where nothing does. */
  readonly flag: string | null;
}

/** A health check that stands in the place of the image's; null and an empty test leave a part of it to the image. */
export interface HealthcheckPlan {
  /** As the engine takes it: `CMD` and words, `CMD-SHELL` and a line for the shell, or `NONE`. */
  readonly test: readonly string[];
  readonly intervalMs: number | null;
  readonly timeoutMs: number | null;
  readonly startPeriodMs: number | null;
  readonly retries: number | null;
}

/** How the container is started; null leaves it to the image or the engine. */
export interface ContainerPlan {
  readonly env: Readonly<Record<string, string>>;
  readonly init: boolean;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly platform: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  /** What the words above were filled in with, and is not to be saved or shown. */
  readonly filledIn: FilledIn;
  /** `service:NAME` is that of a companion. */
  readonly network: string | null;
  /** What it is called by others on a network of this run; empty where it has none. */
  readonly aliases: readonly string[];
  readonly healthcheck: HealthcheckPlan | null;
  /** `source:target[:mode]`, or a target alone, which is an empty volume of its own. */
  readonly volumes: readonly string[];
  readonly stopSignal: string | null;
  readonly port: number | null;
}

/** A container that runs beside the target: started before it, removed when the run is over. */
export interface CompanionPlan {
  /** The service's or the container's, where it comes from. */
  readonly name: string;
  /** A sidecar is stopped with the target, after it; what the target only depends on runs on. */
  readonly role: 'dependency' | 'sidecar';
  readonly image: ImageSource;
  readonly container: ContainerPlan;
  /** What it has to be before the next one is started. */
  readonly waitFor: 'started' | 'healthy' | 'completed';
}

/** One kind of request of the mix. Exactly one of `share` and `everyMs` is not null. */
export interface RequestPlan {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Relative part of the steady rate. */
  readonly share: number | null;
  /** Milliseconds between two of them, beside the steady rate. */
  readonly everyMs: number | null;
}

/** What is spoken to the app. */
export type Protocol = 'http1' | 'http2' | 'grpc';

/** How the app's certificate is checked. */
export interface TlsPlan {
  /** Absolute path of a PEM file; null: the certificates that Node ships. */
  readonly ca: string | null;
  /** Any certificate will do. */
  readonly insecure: boolean;
}

/** A connection that is opened before the stop and held open across it. */
export interface HoldPlan {
  /** Server-Sent Events or a WebSocket. */
  readonly kind: 'sse' | 'ws';
  readonly path: string;
}

export interface LoadPlan {
  /** `none`: nothing is sent, and the target needs no port. */
  readonly kind: 'requests' | 'none';
  readonly protocol: Protocol;
  /** null: in the clear. */
  readonly tls: TlsPlan | null;
  /** Requests a second, as asked. */
  readonly rate: number | 'auto';
  readonly requests: readonly RequestPlan[];
  readonly expectStatus: readonly number[] | null;
  readonly requestTimeoutMs: number;
  readonly warmupMs: number;
  /** The part of the warm-up, at its start, that does not count. */
  readonly rampMs: number;
  readonly connections: Connections;
  /** Header that carries the request's row in the ledger; null for none. */
  readonly requestIdHeader: string | null;
  /** Requests held half-sent across the signal. */
  readonly park: number;
  readonly holds: readonly HoldPlan[];
  readonly minInFlight: number;
}

/** How a worker's log tells of its jobs: regular expressions, the first group of each names the job. */
export interface JobPlan {
  readonly start: string;
  readonly end: string;
}

/** What the user allows a stop to take and to cost. null: any. */
export interface LimitsPlan {
  /** From the signal to the end of the last request that was in flight when it came. */
  readonly drainMs: number | null;
  /** From T0 to the exit. */
  readonly stopMs: number | null;
  /** The 99th percentile over the answers to requests that were open at the signal (of a pod: at T0) or were sent later. */
  readonly latencyMs: number | null;
  /** How many requests may be turned away that should have been served. */
  readonly rejected: number;
}

/** Everything a run does, every default filled in. JSON-able; it is printed and saved as it is. */
export interface Plan {
  /** What the user calls it; null where nothing was said. */
  readonly name: string | null;
  readonly profile: Profile;
  readonly image: Source;
  readonly container: ContainerPlan;
  /** The service of a file that the target is; null where it comes from none. */
  readonly service: string | null;
  /** In the order in which they are started. */
  readonly companions: readonly CompanionPlan[];
  readonly readyPath: string;
  /** null: the port that requests go to. */
  readonly readyPort: number | null;
  readonly readyTimeoutMs: number;
  readonly load: LoadPlan;
  /** null: none are watched for. */
  readonly jobs: JobPlan | null;
  /** When it is stopped: ready and under load, or so many milliseconds after its start. */
  readonly when: 'ready' | number;
  /** From T0 to SIGKILL: the preStop hook's time comes out of it. */
  readonly graceMs: number;
  /** How long traffic is still routed to the target after T0. */
  readonly routingLagMs: number;
  /** Whether requests go on over connections that are open when the routing ends, as a proxy's do. */
  readonly pooledAfterLag: 'go' | 'stop';
  /** null: the stop signal comes at T0. */
  readonly preStop: PreStopPlan | null;
  /** null: 0 and 128 + the stop signal's number. */
  readonly acceptExitCodes: readonly number[] | null;
  readonly limits: LimitsPlan;
  readonly strictUnread: boolean;
  readonly kernelTrace: 'auto' | 'on' | 'off';
  /** Regular expressions for lines of the log that the report marks. */
  readonly logMatch: readonly string[];
  /** Whether remedies are tried where the run fails. */
  readonly prove: boolean;
  /** The longest grace period that a proof tries. */
  readonly maxGraceMs: number;
  /** How many times it is run. */
  readonly repeat: number;
  /** Of each run. */
  readonly timeoutMs: number;
  /** The manifest that it comes from, as the user named it; null without one. */
  readonly file: string | null;
  /** What the file that the plan comes from asks for besides, and is not here; empty without one. */
  readonly missing: readonly Missing[];
}
