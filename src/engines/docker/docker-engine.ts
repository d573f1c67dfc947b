import { prepareImage } from '../../image/prepare.ts';
import type { ContainerPlan, Plan } from '../../plan/plan.ts';
import type { Engine, EngineInfo, Network, PreparedImage, Target } from '../engine.ts';
import { attach, imageOfContainer } from './attach.ts';
import type { DockerConnection } from './connection.ts';
import { startContainer } from './container.ts';
import { createNetwork } from './network.ts';
import { openSession } from './session.ts';
import { writerOf } from './writers.ts';

/** The engine behind a connection. Its disposal waits for starts under way and removes every target still there. */
export function createDockerEngine(connection: DockerConnection, info: EngineInfo): Engine {
  const session = openSession(connection);
  const starting = new Set<Promise<Target | Network>>();
  const remember = <Made extends Target | Network>(start: Promise<Made>): Promise<Made> => {
    starting.add(start);
    const forget = (): boolean => starting.delete(start);
    start.then(forget, forget);
    return start;
  };
  const preparing = new Map<string, Promise<PreparedImage>>();
  return {
    info,
    async hasImage(reference: string): Promise<boolean> {
      return await connection.dockerode
        .getImage(reference)
        .inspect()
        .then(
          () => true,
          () => false,
        );
    },
    prepareImage(
      source: Plan['image'],
      onProgress: (line: string) => void,
      abort: AbortSignal,
    ): Promise<PreparedImage> {
      if (source.kind === 'command') throw new Error('This engine starts images, not commands.');
      if (source.kind === 'container') return imageOfContainer(connection.dockerode, source);
      // Two builds of one Dockerfile side by side give two images, and one of them loses its name.
      const key = JSON.stringify(source);
      const underWay = preparing.get(key) ?? prepareImage(connection, source, session.guardChild, onProgress, abort);
      preparing.set(key, underWay);
      return underWay.finally(() => preparing.delete(key));
    },
    writerOf: (folders) => writerOf(connection.dockerode, folders),
    createNetwork: () => remember(createNetwork(connection.dockerode, session.labels())),
    start(image: PreparedImage, plan: ContainerPlan, ports: readonly number[]): Promise<Target> {
      return remember(startContainer(connection, { image, plan, ports, labels: session.labels() }));
    },
    attach: (source, plan) => attach(connection, source, plan, session),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(starting);
      await session[Symbol.asyncDispose]();
    },
  };
}
