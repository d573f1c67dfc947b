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

/** What is run, by where it comes from. */
export type SourceKind = (ImageSource | CommandSource)['kind'];

/** How the container is started; null leaves it to the image or the engine. */
export interface ContainerPlan {
  readonly env: Readonly<Record<string, string>>;
  readonly init: boolean;
  readonly memoryBytes: number | null;
  readonly cpus: number | null;
  readonly user: string | null;
  readonly platform: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly network: string | null;
  readonly volumes: readonly string[];
  readonly stopSignal: string | null;
  readonly port: number | null;
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

/** Everything a run does, every default filled in. JSON-able; it is printed and saved as it is. */
export interface Plan {
  readonly profile: 'docker';
  readonly image: ImageSource | CommandSource;
  readonly container: ContainerPlan;
  readonly readyPath: string;
  readonly readyTimeoutMs: number;
  readonly load: LoadPlan;
  /** null: none are watched for. */
  readonly jobs: JobPlan | null;
  /** When it is stopped: ready and under load, or so many milliseconds after its start. */
  readonly when: 'ready' | number;
  readonly graceMs: number;
  /** How long traffic is still routed to the target after T0. */
  readonly routingLagMs: number;
  /** null: 0 and 128 + the stop signal's number. */
  readonly acceptExitCodes: readonly number[] | null;
  readonly strictUnread: boolean;
  readonly kernelTrace: 'auto' | 'on' | 'off';
  /** Regular expressions for lines of the log that the report marks. */
  readonly logMatch: readonly string[];
  /** Whether remedies are tried where the run fails. */
  readonly prove: boolean;
  /** The longest grace period that a proof tries. */
  readonly maxGraceMs: number;
  readonly timeoutMs: number;
}
