import { expect, test } from 'vitest';

import { compare, type Life, noComparison } from '../../scripts/classification/compare.ts';
import { runContainer } from '../../scripts/classification/container-run.ts';
import { CONTAINER_ENDINGS, ENDINGS } from '../../scripts/classification/endings.ts';
import { runProcess } from '../../scripts/classification/process-run.ts';

const LIMIT_MS = 60_000;
/** Of the hundreds that each ending is asked for; a machine that is busy elsewhere answers few. */
const MIN_ANSWERED = 10;
const buildArgs = { NODE_IMAGE: process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim' };
const COMPARED = ['answered', 'lostRead', 'lostUnread', 'refused'] as const;
const connections = ['fresh', 'pooled'] as const;
const processes = ENDINGS.flatMap((ending) => connections.map((kind) => [ending.name, kind, ending] as const));
const containers = CONTAINER_ENDINGS.map(
  (ending) => [ending.name, ending.viaProxy ? 'a published port' : 'its own address', ending] as const,
);

/** What is odd about the life: any disagreement, or nothing seen of what the ending is there to show. */
function oddities(life: Life): readonly string[] {
  const comparison = noComparison();
  compare(comparison, life);
  const { requests, answered, lostRead, refused, untold, contradictions } = comparison;
  const { signal, env } = life.ending;
  const cutsOff = /fin|reset/.test(env['ACT'] ?? '') || signal === 'SIGKILL' || env['ON_SIGTERM'] === 'exit';
  const disagreements = COMPARED.filter((name) => comparison[name].agree < comparison[name].of);
  return [
    ...contradictions,
    ...disagreements.map((name) => `${name}: ${comparison[name].agree} of ${comparison[name].of}`),
    ...(answered.of >= MIN_ANSWERED ? [] : [`only ${answered.of} of ${requests} were answered`]),
    ...(cutsOff && lostRead.of + untold === 0 ? ['nothing that was read was lost'] : []),
    ...(env['DRAIN_MS'] && refused.of === 0 ? ['nothing was refused'] : []),
  ];
}

test.each(processes)(
  'what is told of requests agrees with the app’s journal: %s, %s connections',
  async (_name, kind, ending) => {
    const life = await runProcess(ending, { ratePerSecond: 400, connections: kind, durationMs: 1000 });
    expect(oddities(life)).toEqual([]);
  },
  LIMIT_MS,
);

test.each(containers)(
  'what is told of requests agrees with the journal of an app in a container: %s, through %s',
  async (_name, _through, ending) => {
    const life = await runContainer(ending, { ratePerSecond: 400, connections: 'both', durationMs: 1500 }, buildArgs);
    expect(oddities(life)).toEqual([]);
  },
  LIMIT_MS,
);
