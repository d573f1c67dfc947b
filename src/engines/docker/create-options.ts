import type { ContainerCreateOptions, HealthConfig, HostConfig } from 'dockerode';
import type { ContainerPlan, HealthcheckPlan } from '../../plan/plan.ts';
import type { PreparedImage } from '../engine.ts';

/** What is to be started. */
export interface ContainerOrder {
  readonly image: PreparedImage;
  readonly plan: ContainerPlan;
  /** TCP ports that may have to be published. */
  readonly ports: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The body of the engine's create call.
 *
 * @param publishOn the engine host's address that published ports are bound to; empty for all
 */
export function createBody(order: ContainerOrder, publishOn: string): ContainerCreateOptions {
  const { image, plan, ports, labels } = order;
  return {
    // By id: between preparing and starting, a build beside us may have moved the name on.
    Image: image.id ?? image.reference,
    Labels: { ...labels },
    Env: Object.entries(plan.env).map(([name, value]) => `${name}=${value}`),
    ...(canPublish(plan.network) ? { ExposedPorts: portMap(ports, {}) } : {}),
    HostConfig: hostConfig(plan, ports, publishOn),
    ...(plan.network === null || plan.aliases.length === 0
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [plan.network]: { Aliases: [...plan.aliases] } } } }),
    ...(plan.healthcheck === null ? {} : { Healthcheck: healthConfig(plan.healthcheck) }),
    ...(plan.user === null ? {} : { User: plan.user }),
    ...(plan.workingDir === null ? {} : { WorkingDir: plan.workingDir }),
    Volumes: Object.fromEntries(plan.volumes.filter(isEmptyVolume).map((target) => [target, {}])),
    ...(plan.command === null ? {} : { Cmd: [...plan.command] }),
    // The engine knows `[""]` as "none", and drops the image's command with its entrypoint, as `docker run` does.
    ...(plan.entrypoint === null ? {} : { Entrypoint: plan.entrypoint.length === 0 ? [''] : [...plan.entrypoint] }),
    // At creation: the stop call's own `signal` is silently ignored before API 1.42.
    ...(plan.stopSignal === null ? {} : { StopSignal: plan.stopSignal }),
  };
}

function hostConfig(plan: ContainerPlan, ports: readonly number[], publishOn: string): HostConfig {
  return {
    Init: plan.init,
    Binds: plan.volumes.filter((volume) => !isEmptyVolume(volume)),
    RestartPolicy: { Name: 'no' },
    // Its exit state and its logs are evidence: it goes when they have been read.
    AutoRemove: false,
    // Not the engine's default driver, which may be one whose logs cannot be read back.
    LogConfig: { Type: 'json-file', Config: {} },
    ...(plan.memoryBytes === null ? {} : { Memory: plan.memoryBytes }),
    ...(plan.cpus === null ? {} : { NanoCpus: Math.round(plan.cpus * 1e9) }),
    ...(plan.network === null ? {} : { NetworkMode: plan.network }),
    ...(canPublish(plan.network) ? { PortBindings: portMap(ports, [{ HostIp: publishOn, HostPort: '' }]) } : {}),
  };
}

/** The engine counts nanoseconds; 0 and an empty test are the image's own. */
function healthConfig({ test, intervalMs, timeoutMs, startPeriodMs, retries }: HealthcheckPlan): HealthConfig {
  const nanoseconds = (ms: number | null): number => (ms ?? 0) * 1e6;
  return {
    Test: [...test],
    Interval: nanoseconds(intervalMs),
    Timeout: nanoseconds(timeoutMs),
    StartPeriod: nanoseconds(startPeriodMs),
    Retries: retries ?? 0,
  };
}

/** A target without a source: removed with the container. */
export function isEmptyVolume(volume: string): boolean {
  return !volume.includes(':');
}

/** A container without a network of its own has nothing to publish, and the engine refuses to. */
function canPublish(network: string | null): boolean {
  return network === null || !(network === 'host' || network === 'none' || network.startsWith('container:'));
}

function portMap<T>(ports: readonly number[], value: T): Record<string, T> {
  return Object.fromEntries(ports.map((port) => [`${port}/tcp`, value]));
}
