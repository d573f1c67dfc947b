import Docker from 'dockerode';

import type { Engine, Target, TargetAddress } from '../../src/engines/engine.ts';

/** The same engine, but its containers are only reached through their published ports, as on a Mac. */
export function throughPublishedPort(engine: Engine): Engine {
  return {
    ...engine,
    start: async (...given) => {
      const target = await engine.start(...given);
      return { ...target, addressOf: (port) => publishedAddress(target, port) };
    },
  };
}

async function publishedAddress({ id }: Target, port: number): Promise<TargetAddress> {
  const { NetworkSettings } = await new Docker().getContainer(id).inspect();
  const published = NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
  if (published === undefined) throw new Error(`port ${port} is not published`);
  return { host: '127.0.0.1', port: Number(published), via: 'published-port' };
}
