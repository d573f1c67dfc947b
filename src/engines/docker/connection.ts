import type Dockerode from 'dockerode';
import type { EngineAddress } from './address.ts';

/** An engine that answered. */
export interface DockerConnection {
  readonly dockerode: Dockerode;
  readonly address: EngineAddress;
  readonly kind: 'docker' | 'podman';
  /** Where its published ports are reached from here. */
  readonly host: string;
}
