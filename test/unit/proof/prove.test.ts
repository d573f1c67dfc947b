import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { CannotRunError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { prove } from '../../../src/proof/prove.ts';
import type { ProofRecord, RunRecord } from '../../../src/result.ts';
import { PASS } from '../report/fixtures/records.ts';
import { commandPlan } from '../observed-command.ts';
import { failing, type Failing } from './failing.ts';

/** What a container does that is started and stopped so. */
type App = (plan: Plan) => RunRecord;

const BUILT: Plan['image'] = {
  kind: 'build',
  reference: 'shutdown-check/app',
  dockerfile: '/app/Dockerfile',
  context: '/app',
  buildArgs: {},
  buildTarget: null,
  platform: null,
  pull: 'missing',
};

const asked = (told: Failing = {}): RunRecord =>
  failing({ ...told, plan: { prove: true, image: BUILT, ...told.plan } });

async function proofsOf(first: RunRecord, app: App, signal?: AbortSignal): Promise<readonly ProofRecord[]> {
  const plan = first.plan.resolved;
  return await prove(first, plan, signal ? { signal } : {}, (changed) => Promise.resolve(app(changed)));
}

const brief = (proofs: readonly ProofRecord[]): readonly string[] =>
  proofs.map(({ after, change, verdict, cause }) => `${[...after, change].join(' + ')}: ${cause ?? verdict}`);

/** The same failing run under another plan, with the cause that it has then. */
const still = (cause: Failing['cause'], plan: Plan, sigkill = true): RunRecord =>
  failing({ cause: cause ?? null, plan, container: plan.container, sigkill });

/** Behind a shell, and slower than 30 s. */
const slowBehindShell: App = (plan) => {
  if (plan.container.init) return still('NAMESPACE_TEARDOWN', plan, false);
  if (plan.container.command === null) return still('SHELL_IS_PID1', plan);
  return plan.graceMs < 40_000 ? still('HANDLER_EXCEEDS_GRACE', plan) : PASS;
};

describe('a proof', () => {
  test.each([
    ['it was not asked for', failing({ plan: { prove: false } })],
    ['the run passed', { ...asked(), verdict: 'pass' as const }],
    ['the run could not tell', { ...asked(), verdict: 'inconclusive' as const }],
    ['no change is known to help', asked({ cause: 'ABRUPT_EXIT' })],
  ])('runs nothing where %s', async (_title, first) => {
    const proofs = await proofsOf(first, () => {
      throw new Error('It was run.');
    });
    expect(proofs).toEqual([]);
  });

  test('stops at what mends it, and says what to write', async () => {
    const first = asked();
    const proofs = await proofsOf(first, (plan) =>
      plan.container.init ? still('NAMESPACE_TEARDOWN', plan, false) : PASS,
    );
    expect(brief(proofs)).toEqual(['CMD ["node", "server.js"]: pass', '--init: NAMESPACE_TEARDOWN']);
    expect(proofs.map(({ lines }) => lines.map(({ text }) => text))).toEqual([['CMD ["node", "server.js"]'], []]);
  });

  test('goes on from a change that uncovers another cause, and tells both', async () => {
    const proofs = await proofsOf(asked({ plan: { graceMs: 30_000 } }), slowBehindShell);
    expect(brief(proofs)).toEqual([
      'CMD ["node", "server.js"]: HANDLER_EXCEEDS_GRACE',
      '--init: NAMESPACE_TEARDOWN',
      'CMD ["node", "server.js"] + grace period 60 s: pass',
    ]);
    expect(proofs.at(-1)?.lines.map(({ text }) => text)).toEqual([
      'CMD ["node", "server.js"]',
      'docker stop -t 60',
      'stop_grace_period: 60s',
      'terminationGracePeriodSeconds: 60',
    ]);
  });

  test('goes on to a preStop sleep from a change after which it is only refused while traffic is routed to it', async () => {
    const refused = (plan: Plan): RunRecord => ({
      ...failing({ cause: null, plan, container: plan.container, sigkill: false }),
      findings: [{ code: 'REFUSED_WHILE_ROUTED', severity: 'error', message: 'Why.', advice: null, args: {} }],
    });
    const proofs = await proofsOf(asked({ plan: { profile: 'kubernetes', routingLagMs: 2000 } }), (plan) => {
      if (plan.container.init) return still('NAMESPACE_TEARDOWN', plan, false);
      return plan.preStop === null ? refused(plan) : PASS;
    });
    expect(brief(proofs)).toEqual([
      'CMD ["node", "server.js"]: fail',
      '--init: NAMESPACE_TEARDOWN',
      'CMD ["node", "server.js"] + preStop sleep 3 s: pass',
    ]);
  });

  test('doubles the grace period up to the first that is enough', async () => {
    const first = asked({ cause: 'HANDLER_EXCEEDS_GRACE' });
    const proofs = await proofsOf(first, (plan) =>
      plan.graceMs < 40_000 ? still('HANDLER_EXCEEDS_GRACE', plan) : PASS,
    );
    expect(brief(proofs)).toEqual(['grace period 20 s: HANDLER_EXCEEDS_GRACE', 'grace period 40 s: pass']);
  });

  test('gives no more time to what did not run out of it', async () => {
    const first = asked({ cause: 'HANDLER_EXCEEDS_GRACE' });
    const proofs = await proofsOf(first, (plan) => still('ABRUPT_EXIT', plan, false));
    expect(brief(proofs)).toEqual(['grace period 20 s: ABRUPT_EXIT']);
  });

  test('gives up on more time where the app serves on to the end and loses as much', async () => {
    const first = asked({ cause: 'CAUSE_UNCLEAR', command: ['node', '.'], processes: ['node .'] });
    const proofs = await proofsOf(first, (plan) => still('CAUSE_UNCLEAR', plan));
    expect(brief(proofs).filter((line) => line.startsWith('grace'))).toEqual(['grace period 20 s: CAUSE_UNCLEAR']);
  });

  test('goes on with more time where the app has closed its listener', async () => {
    const first = asked({ cause: 'CAUSE_UNCLEAR', command: ['node', '.'], processes: ['node .'] });
    const proofs = await proofsOf(first, (plan) => {
      const run = still('CAUSE_UNCLEAR', plan);
      return { ...run, termination: { ...run.termination, listenerClosedAtMs: 40 } };
    });
    expect(brief(proofs).filter((line) => line.startsWith('grace'))).toHaveLength(4);
  });

  test('ends where nothing mends it', async () => {
    const proofs = await proofsOf(asked({ cause: 'PID1_NO_HANDLER' }), (plan) =>
      plan.container.init ? still('DEFAULT_ACTION_DEATH', plan, false) : still('PID1_NO_HANDLER', plan),
    );
    expect(brief(proofs)).toEqual([
      'STOPSIGNAL SIGINT: PID1_NO_HANDLER',
      'STOPSIGNAL SIGQUIT: PID1_NO_HANDLER',
      '--init: DEFAULT_ACTION_DEATH',
    ]);
  });

  test('of an image that was not built here names no Dockerfile', async () => {
    const first = asked({ plan: { image: failing().plan.resolved.image } });
    const [proof] = await proofsOf(first, () => PASS);
    expect(proof?.lines).toEqual([{ where: 'Compose', text: 'command: ["node", "server.js"]' }]);
  });

  test('runs the image of the first run, by its id', async () => {
    const images = new Set<string>();
    await proofsOf(asked(), ({ image }) => {
      images.add(`${image.kind} ${image.reference} ${image.kind === 'image' ? image.pull : ''}`);
      return PASS;
    });
    expect([...images]).toEqual([`image ${PASS.target.imageId} never`]);
  });

  test('that could not be run says why, and the others count', async () => {
    const proofs = await proofsOf(asked(), (plan) => {
      if (plan.container.init) return PASS;
      throw new CannotRunError('The container does not start.');
    });
    expect(proofs.map(({ verdict, skippedBecause }) => [verdict, skippedBecause])).toEqual([
      [null, 'it could not be run: The container does not start'],
      ['pass', null],
    ]);
  });
});

describe('a proof of a command', () => {
  const first = asked({ plan: commandPlan(asked().plan.resolved) });

  test('starts it otherwise, and says what to write', async () => {
    const started = new Set<string>();
    const proofs = await proofsOf(first, (plan) => {
      started.add(plan.image.reference);
      return plan.container.init ? still('NAMESPACE_TEARDOWN', plan, false) : PASS;
    });
    expect([...started]).toEqual(['node server.js', "sh -c 'node server.js'"]);
    expect(brief(proofs)).toEqual(['node server.js: pass', '--init: NAMESPACE_TEARDOWN']);
    expect(proofs[0]?.lines.map(({ text }) => text)).toEqual(['node server.js', 'CMD ["node", "server.js"]']);
  });

  test('says where no init is installed, and what passed counts', async () => {
    const proofs = await proofsOf(first, (plan) => {
      if (plan.container.init) throw new CannotRunError('There is no init on PATH: none of tini, catatonit.');
      return PASS;
    });
    expect(proofs.map(({ change, verdict, skippedBecause }) => [change, verdict, skippedBecause])).toEqual([
      ['node server.js', 'pass', null],
      ['--init', null, 'it could not be run: There is no init on PATH: none of tini, catatonit'],
    ]);
  });
});

describe('proofs side by side', () => {
  async function mostAtOnce(container: Partial<Plan['container']>, plan: Partial<Plan> = {}): Promise<number> {
    const first = asked({ plan, container });
    let [now, most] = [0, 0];
    await prove(first, first.plan.resolved, {}, async () => {
      most = Math.max(most, (now += 1));
      await turn();
      now -= 1;
      return PASS;
    });
    return most;
  }

  test.each([[{ network: 'host' }], [{ volumes: ['data:/data'] }]])('are none with %j', async (container) => {
    expect(await mostAtOnce(container)).toBe(1);
  });

  test.each([
    ['own', 2],
    ['host', 1],
  ])('of a command with the network %s are %d at once', async (network, most) => {
    expect(await mostAtOnce({ network }, commandPlan(asked().plan.resolved))).toBe(
      Math.min(most, availableParallelism()),
    );
  });

  test('all end before an abort is told, which leaves what is known by then', async () => {
    const abort = new AbortController();
    const first = asked();
    let running = 0;
    const proving = prove(first, first.plan.resolved, { signal: abort.signal }, async (_plan, { signal }) => {
      running += 1;
      abort.abort(new Error('Interrupted.'));
      await turn();
      running -= 1;
      signal?.throwIfAborted();
      return PASS;
    });
    expect((await proving).map(({ skippedBecause }) => skippedBecause)).toEqual([
      'it was interrupted',
      'it was interrupted',
    ]);
    expect(running).toBe(0);
  });

  test('that were done before an abort count, and nothing is tried on top of them', async () => {
    const abort = new AbortController();
    const proofs = await proofsOf(
      asked({ plan: { graceMs: 30_000 } }),
      (plan) => {
        if (!plan.container.init) return slowBehindShell(plan);
        abort.abort();
        throw new Error('Interrupted.');
      },
      abort.signal,
    );
    expect(proofs.map(({ change, verdict, skippedBecause }) => [change, verdict, skippedBecause])).toEqual([
      ['CMD ["node", "server.js"]', 'fail', null],
      ['--init', null, 'it was interrupted'],
    ]);
  });

  test('are stopped by a fault of our own in one of them', async () => {
    const proofs = proofsOf(asked(), (plan) => {
      if (plan.container.init) throw new TypeError('A fault.');
      return PASS;
    });
    await expect(proofs).rejects.toThrow('A fault.');
  });
});
