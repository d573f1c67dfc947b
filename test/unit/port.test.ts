import { expect, test } from 'vitest';

import type { Target } from '../../src/engines/engine.ts';
import { addressOfHook } from '../../src/port.ts';
import { observationOf, withPlan } from './observed.ts';

test('a preStop GET without a port goes where the requests go, however that port was found', async () => {
  const { plan } = withPlan({ preStop: { kind: 'http', port: null, path: '/drain', headers: {}, tls: false } });
  const image = { ...observationOf().image, exposedPorts: [] };
  const asked = { host: '127.0.0.1', port: 3000, via: 'local' } as const;
  // It is not asked where it listens.
  expect(await addressOfHook(plan, image, {} as Target, asked)).toEqual(asked);
});
