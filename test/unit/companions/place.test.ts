import { describe, expect, test } from 'vitest';

import { needsNetwork, networkOwner, place } from '../../../src/companions/place.ts';
import type { CompanionPlan, ContainerPlan, Plan } from '../../../src/plan/plan.ts';
import { observationOf } from '../observed.ts';
import { PLAIN } from '../../plain-container.ts';

const image = { kind: 'image', reference: 'app', platform: null, pull: 'missing' } as const;

function companion(name: string, more: Partial<ContainerPlan> = {}): CompanionPlan {
  return { name, role: 'sidecar', image, container: { ...PLAIN, ...more }, waitFor: 'started' };
}

function plan(container: Partial<ContainerPlan>, ...companions: readonly CompanionPlan[]): Plan {
  return { ...observationOf().plan, container: { ...PLAIN, ...container }, companions };
}

const idOf = (name: string): string => `id-of-${name}`;

describe('a network of the run', () => {
  test('is needed where one is to be found by name, and is on no other', () => {
    expect(needsNetwork(plan({}))).toBe(false);
    expect(needsNetwork(plan({}, companion('db')))).toBe(false);
    expect(needsNetwork(plan({}, companion('db', { aliases: ['db'] })))).toBe(true);
    expect(needsNetwork(plan({}, companion('db', { aliases: ['db'], network: 'shop' })))).toBe(false);
    expect(needsNetwork(plan({ aliases: ['api'] }))).toBe(true);
  });

  test('takes those that are to be found, with their names, and no others', () => {
    expect(place({ ...PLAIN, aliases: ['db'] }, 'ours', idOf)).toMatchObject({ network: 'ours', aliases: ['db'] });
    expect(place({ ...PLAIN, aliases: ['db'], network: 'host' }, 'ours', idOf)).toMatchObject({
      network: 'host',
      aliases: [],
    });
    expect(place(PLAIN, null, idOf)).toEqual(PLAIN);
  });
});

describe('the network of a companion', () => {
  test('is shared by the engine’s name for it', () => {
    const shared = place({ ...PLAIN, aliases: ['api'], network: 'service:proxy' }, 'ours', idOf);
    expect(shared).toMatchObject({ network: 'container:id-of-proxy', aliases: [] });
  });

  test('publishes the ports of those who share it, the first in the row', () => {
    const [proxy, log] = [companion('proxy'), companion('log', { network: 'service:proxy' })];
    expect(networkOwner(plan({ network: 'service:proxy' }, proxy, log))).toBe('proxy');
    expect(networkOwner(plan({ network: 'service:log' }, proxy, log))).toBe('proxy');
    expect(networkOwner(plan({ network: 'host' }, proxy, log))).toBeNull();
    expect(networkOwner(plan({}, proxy))).toBeNull();
  });
});
