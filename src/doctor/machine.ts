import type { EngineInfo } from '../engines/engine.ts';

/** What somebody is to do about what cannot be had; from an error of ours. */
export interface Refusal {
  readonly message: string;
  readonly detail: readonly string[];
  readonly nextStep: string | null;
}

/** It gave no answer in time. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly afterMs: number;
}

export interface NodeFacts {
  /** As `v24.1.0`. */
  readonly version: string;
  /** The versions that this program runs on, as in package.json. */
  readonly needed: string;
  readonly isNewEnough: boolean;
}

export interface FilesFacts {
  /** Files that the program may have open, by the soft limit; null where there is none, or it is not told. */
  readonly limit: number | null;
  /** Connections of the load among them; null where there is no limit. */
  readonly connections: number | null;
}

export type EngineFacts =
  | ({
      readonly kind: 'answers';
      readonly info: EngineInfo;
      /** As DOCKER_HOST spells it. */
      readonly dockerHost: string;
      /** DOCKER_HOST, a docker context, the usual socket. */
      readonly namedBy: string;
      /** On another machine than this. */
      readonly isRemote: boolean;
    } & SystemFacts)
  | ({ readonly kind: 'none' } & Refusal);

/** What an engine tells of its own machine; null where it does not. */
export interface SystemFacts {
  readonly system: string | null;
  readonly kernel: string | null;
  readonly architecture: string | null;
  /** Whether its containers are processes of this very machine, numbered as they are here. */
  readonly isHere: boolean;
  /** Without the credentials in it. */
  readonly proxy: string | null;
  readonly mirrors: readonly string[];
}

/** By which address a container would be reached, without one to try. */
export type AddressFacts =
  /** This machine is in the containers' network. */
  | { readonly kind: 'own'; readonly subnet: string; readonly device: string }
  /** It is not; then a port is published. */
  | { readonly kind: 'published'; readonly host: string; readonly subnet: string | null }
  | { readonly kind: 'unknown'; readonly because: string }
  | Unanswered;

/** How the processes and their signal masks would be read. */
export type ProcessFacts =
  /** A running container's processes were asked for; whether their masks came. */
  | { readonly kind: 'asked'; readonly container: string; readonly masks: boolean; readonly isHere: boolean }
  /** The engine runs on this machine: what its `ps` is, and whether it shows masks; null where there is none. */
  | { readonly kind: 'here'; readonly ps: string | null; readonly masks: boolean }
  | { readonly kind: 'elsewhere' }
  | Unanswered;

export type KernelFacts =
  | { readonly kind: 'can'; readonly tracefs: string }
  | { readonly kind: 'cannot'; readonly because: string; readonly nextStep: string };

export interface BuilderFacts {
  /** The docker CLI's path; null where the engine's API builds. */
  readonly cli: string | null;
  readonly cliVersion: string | null;
  readonly buildx: string | null;
  readonly builder: 'buildkit' | 'legacy';
  /** DOCKER_BUILDKIT, where it is set. */
  readonly asked: string | null;
  /** The compose plugin's version; null where there is none. */
  readonly compose: string | null;
}

/** Whether the engine gets through to its registry. */
export type RegistryFacts =
  | { readonly kind: 'answers'; readonly registry: string; readonly tookMs: number }
  | { readonly kind: 'fails'; readonly registry: string; readonly because: string }
  | { readonly kind: 'unknown'; readonly because: string }
  | Unanswered;

export type ClockFacts =
  | {
      readonly kind: 'told';
      /** The engine's clock less ours, milliseconds. */
      readonly offsetMs: number;
      /** Half of what the question took: so much it may be off. */
      readonly withinMs: number;
    }
  | { readonly kind: 'unknown' }
  | Unanswered;

export type NamespaceFacts =
  /** As root, or in a user namespace; with a network of its own, or this machine's. */
  | { readonly kind: 'can'; readonly way: 'root' | 'user'; readonly ownNetwork: boolean }
  | ({ readonly kind: 'cannot' } & Refusal)
  | Unanswered;

/** Programs of this machine; null where they are not there. */
export interface ProgramFacts {
  /** The first init on PATH, for `exec --init`. */
  readonly init: string | null;
  /** The engine's own init, for `run --init`; null where no engine tells. */
  readonly engineInit: string | null;
  readonly haproxy: { readonly file: string; readonly version: string | null } | null;
}

/** All that was found out. What an engine has to tell is null where there is none. */
export interface Machine {
  readonly platform: string;
  readonly node: NodeFacts;
  readonly files: FilesFacts;
  readonly engine: EngineFacts;
  readonly address: AddressFacts | null;
  readonly processes: ProcessFacts | null;
  readonly kernel: KernelFacts;
  readonly builder: BuilderFacts;
  readonly registry: RegistryFacts | null;
  readonly clock: ClockFacts | null;
  readonly namespaces: NamespaceFacts;
  readonly programs: ProgramFacts;
}
