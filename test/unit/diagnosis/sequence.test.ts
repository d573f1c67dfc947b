import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { Finding } from '../../../src/diagnosis/finding.ts';
import type { Observation, PreStopFacts, ReadinessWord, SidecarFacts } from '../../../src/observation.ts';
import type { Plan, PreStopPlan } from '../../../src/plan/plan.ts';
import { readinessOf } from '../../../src/termination/readiness-record.ts';
import { healthy, ledgerOf, observationOf, type Told, withPlan } from '../observed.ts';
import { exited, tree } from './endings.ts';

const SLEEP: PreStopPlan = { kind: 'sleep', sleepMs: 3000 };
const EXEC: PreStopPlan = { kind: 'exec', command: ['sleep', '3'] };
const POD: Partial<Plan> = { profile: 'kubernetes', graceMs: 30_000, routingLagMs: 2000 };

/** A pod that got SIGTERM at `signalAt` and was gone at `endAt`, both milliseconds from T0. */
function pod(plan: Partial<Plan>, signalAt: number, endAt: number, more: Partial<Observation> = {}): Observation {
  return {
    ...withPlan({ ...POD, ...plan }),
    signalFromMs: signalAt,
    signalByMs: signalAt + 12,
    events: [
      { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: signalAt + 12 },
      { action: 'die', signal: null, exitCode: 0, atMs: endAt },
    ],
    exit: { ...observationOf().exit, atMs: endAt },
    snapshots: [tree(-1, 'node server.js'), tree(signalAt + 100, 'node server.js')],
    ...more,
  };
}

const hook = (endedAtMs: number, end: PreStopFacts['end'] = 'done', because: string | null = null): PreStopFacts => ({
  endedAtMs,
  end,
  because,
});

/** Of every request of a steady load around T0. */
const steady = (untilMs: number): readonly Told[] =>
  Array.from({ length: Math.floor(untilMs / 100) }, (_, nth) => ({ endAt: 50 + nth * 100 }));
const refusedAt = (endAt: number): Told => ({ sentAt: null, endAt, ending: 'notConnected' });
const judge = (observation: Observation, ...told: readonly Told[]) =>
  assess(observation, ledgerOf(...healthy(), ...told));
const find = (findings: readonly Finding[], code: string): Finding | undefined =>
  findings.find((finding) => finding.code === code);

describe('what is refused', () => {
  test('while traffic is still routed here fails the run, with when and for how long', () => {
    const { verdict, findings, requests } = judge(pod({}, 0, 500), ...steady(100), refusedAt(60), refusedAt(400));
    expect(verdict).toBe('fail');
    expect(requests.heldAgainst).toBe(2);
    expect(find(findings, 'REFUSED_WHILE_ROUTED')?.args).toMatchObject({
      refused: 2,
      rejected: 0,
      fromMs: 59,
      untilMs: 399,
      hookMs: null,
      goneAtMs: 500,
      sleepS: 3,
    });
  });

  test('by chance by nobody fails the run all the same, where it was gone while traffic was still routed here', () => {
    const { verdict, findings, requests } = judge(pod({}, 0, 15), { sentAt: -50, endAt: 10 });
    expect([verdict, requests.heldAgainst]).toEqual(['fail', 0]);
    expect(findings.map(({ code }) => code)).toEqual(['REFUSED_WHILE_ROUTED']);
    expect(findings[0]?.message).toMatch(
      /^It had ended after 15 ms, while the routing goes on for 2 s, and nothing held/,
    );
  });

  test('by nobody in a worker, to which nothing is routed, fails nothing', () => {
    const { plan, ...rest } = pod({}, 0, 15);
    const worker: Plan = { ...plan, load: { ...plan.load, kind: 'none', requests: [] } };
    expect(find(judge({ ...rest, plan: worker }).findings, 'REFUSED_WHILE_ROUTED')).toBeUndefined();
  });

  test('after the routing lag is nobody’s fault', () => {
    const observation = pod({ preStop: SLEEP }, 3000, 3500, { preStop: hook(3000) });
    const { verdict, findings } = judge(observation, ...steady(3000), { sentAt: 2900, endAt: 3200 }, refusedAt(3100));
    expect([verdict, findings]).toEqual(['pass', []]);
  });

  test('after docker stop, whose lag is 0, is nobody’s fault either, and is one with a lag', () => {
    const told = [{ sentAt: -50, endAt: 150 }, refusedAt(60)];
    expect(judge(observationOf(), ...told).verdict).toBe('pass');
    expect(judge(withPlan({ routingLagMs: 2000 }), ...told).verdict).toBe('fail');
  });
});

test('what is turned away with 503 is held against a pod while it is routed to, and after that no more', () => {
  const rejected = (endAt: number): Told => ({ sentAt: endAt - 5, endAt, status: 503 });
  const observation = pod({ preStop: SLEEP }, 3000, 3500, { preStop: hook(3000) });
  expect(judge(observation, ...steady(3000), rejected(1000)).findings[0]?.args).toMatchObject({ rejected: 1 });
  expect(judge(observation, ...steady(3000), rejected(2500)).verdict).toBe('pass');
});

test('what was open when the stop began and is turned away before the signal is held against a pod, whatever the routing', () => {
  const observation = pod({ preStop: SLEEP, routingLagMs: 0 }, 3000, 3500, { preStop: hook(3000) });
  const { verdict, findings } = judge(observation, ...steady(3000), { sentAt: -50, endAt: 100, status: 503 });
  expect([verdict, findings.map(({ code }) => code)]).toEqual(['fail', ['REJECTED_IN_FLIGHT']]);
});

test('no request that leaves once the routing is over is no stall of this machine’s', () => {
  const fast = (plan: Partial<Plan>) => {
    const observation = pod(plan, 0, 600);
    const harness = { ...observation.harness, ratePerSecond: 100 };
    return judge({ ...observation, harness }, { sentAt: -50, endAt: 500 }).findings.map(({ code }) => code);
  };
  expect(fast({ routingLagMs: 0, pooledAfterLag: 'stop' })).toEqual([]);
  expect(fast({ routingLagMs: 550 })).toContain('HARNESS_LIMIT');
});

test('requests that end between T0 and the signal are of the phase preStop', () => {
  const observation = pod({ preStop: SLEEP }, 3000, 3500, { preStop: hook(3000) });
  const { requests } = judge(observation, { sentAt: -50, endAt: 100 }, { endAt: 2000 }, { sentAt: 2950, endAt: 3100 });
  expect([requests.byPhase.preStop.completed, requests.byPhase.inFlight.completed]).toEqual([2, 1]);
});

test('a pod that has answered everything before the signal passes, where something was open when the stop began', () => {
  const observation = pod({ preStop: SLEEP, pooledAfterLag: 'stop' }, 3000, 3020, { preStop: hook(3000) });
  expect(judge(observation, { sentAt: -50, endAt: 100 }).verdict).toBe('pass');
  expect(judge(observation).findings.map(({ code }) => code)).toEqual(['NOTHING_IN_FLIGHT']);
});

describe('a preStop that', () => {
  const killedAt = (signalAt: number, killAt: number): Partial<Observation> => ({
    events: [
      { action: 'kill', signal: 'SIGTERM', exitCode: null, atMs: signalAt + 12 },
      { action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: killAt },
      { action: 'die', signal: null, exitCode: 137, atMs: killAt + 30 },
    ],
    exit: { ...exited(137, killAt + 30).exit!, exitCode: 137 },
  });
  const cut: Told = { sentAt: 4950, endAt: 7020, ending: 'cutBefore', flags: ['fin'] };

  test('is cut off at the end of the grace period exhausted it', () => {
    const observation = pod({ preStop: EXEC, graceMs: 5000 }, 5000, 7030, {
      ...killedAt(5000, 7000),
      preStop: hook(5000, 'cutOff'),
    });
    const { findings } = judge(observation, ...steady(4900), cut);
    expect(findings.map(({ code }) => code)).toEqual(['PRESTOP_EXHAUSTED_GRACE', 'IN_FLIGHT_LOST', 'PRESTOP_FAILED']);
    expect(findings[0]?.args).toMatchObject({ isCut: true, leftMs: 2000, open: 1 });
  });

  test('ends in the last two seconds exhausted it too', () => {
    const observation = pod({ preStop: SLEEP, graceMs: 4000 }, 3000, 5030, {
      ...killedAt(3000, 5000),
      preStop: hook(3000),
    });
    const { findings } = judge(observation, { sentAt: 2950, endAt: 5020, ending: 'cutBefore', flags: ['fin'] });
    expect(findings[0]?.code).toBe('PRESTOP_EXHAUSTED_GRACE');
  });

  test('leaves enough did not, and the handler is what took too long, the hook told beside it', () => {
    const observation = pod({ preStop: SLEEP, graceMs: 7000 }, 3000, 7030, {
      ...killedAt(3000, 7000),
      preStop: hook(3000),
    });
    const { findings } = judge(observation, { sentAt: 2950, endAt: 7020, ending: 'cutBefore', flags: ['fin'] });
    expect(findings[0]).toMatchObject({ code: 'HANDLER_EXCEEDS_GRACE', args: { preStopMs: 3000 } });
  });

  test('exhausted it is not why an app ends late that has answered all it had, and goes on serving', () => {
    const observation = pod({ preStop: EXEC, graceMs: 5000 }, 5000, 7030, {
      ...killedAt(5000, 7000),
      preStop: hook(5000, 'cutOff'),
    });
    const { findings } = judge(observation, ...steady(6900), { ...cut, sentAt: 6900 });
    expect(findings[0]?.code).toBe('CAUSE_UNCLEAR');
  });

  test('is overtaken by the end of its pod leaves no signal to blame for what that cut', () => {
    const observation = pod({ preStop: EXEC }, 900, 900, {
      preStop: hook(900, 'overtaken'),
      events: [{ action: 'die', signal: null, exitCode: 2, atMs: 900 }],
      signalByMs: 900,
      ...exited(2, 900),
      snapshots: [tree(-1, '/app/server')],
    });
    const lost: Told = { sentAt: 700, endAt: 895, ending: 'cutBefore', flags: ['fin'] };
    const { findings } = judge(observation, ...steady(850), lost);
    expect(findings[0]).toMatchObject({ code: 'ABRUPT_EXIT', args: { isBeforeSignal: true } });
    expect(findings[0]?.message).toContain('ended while its preStop hook ran, before the stop signal was sent');
    expect(find(findings, 'PRESTOP_FAILED')).toBeUndefined();
  });

  test('is overtaken held nobody back, and is not said to have been over', () => {
    const observation = pod({ preStop: EXEC }, 900, 900, { preStop: hook(900, 'overtaken'), ...exited(0, 900) });
    const { findings } = judge(observation, ...steady(500), refusedAt(600));
    expect(find(findings, 'REFUSED_WHILE_ROUTED')?.args).toMatchObject({ hookMs: null });
  });

  test('exhausted it for an app without a handler is not what kept that from ending', () => {
    const observation = pod({ preStop: EXEC, graceMs: 5000 }, 5000, 7030, {
      ...killedAt(5000, 7000),
      preStop: hook(5000, 'cutOff'),
      snapshots: [tree(-1, 'node server.js'), tree(5100, '!node server.js')],
    });
    expect(judge(observation, ...steady(4900), cut).findings[0]?.code).toBe('PID1_NO_HANDLER');
  });

  test('fails is a warning where it cost nothing, and an error where it did', () => {
    const failed = { preStop: hook(30, 'failed', 'exit code 1') };
    const told: Told = { sentAt: -50, endAt: 100 };
    const cheap = judge(pod({ preStop: EXEC, routingLagMs: 0 }, 30, 500, failed), told);
    expect([cheap.verdict, find(cheap.findings, 'PRESTOP_FAILED')?.severity]).toEqual(['pass', 'warning']);
    const costly = judge(pod({ preStop: EXEC }, 30, 500, failed), told, refusedAt(60));
    expect([costly.verdict, find(costly.findings, 'PRESTOP_FAILED')?.severity]).toEqual(['fail', 'error']);
  });
});

describe('readiness', () => {
  const of = (...answers: readonly (readonly [number, ReadinessWord])[]) =>
    readinessOf({
      ...pod({}, 1000, 4000),
      readiness: answers.map(([atMs, said]) => ({ atMs, said })),
    });

  test('is not known where nobody asked', () => {
    expect(readinessOf(observationOf())).toBeNull();
  });

  test('that turns says when', () => {
    expect(of([0, 'ready'], [750, 'ready'], [1250, 'notReady'], [3500, 'notReady'])).toEqual({
      stayedUp: false,
      notReadyAtMs: 1250,
      lastReadyAtMs: 750,
    });
  });

  test('stayed up where every answer after the signal says ready', () => {
    expect(of([0, 'ready'], [3500, 'ready'])).toEqual({ stayedUp: true, notReadyAtMs: null, lastReadyAtMs: 3500 });
    expect(
      judge(
        { ...pod({}, 1000, 4000), readiness: [{ atMs: 3500, said: 'ready' }] },
        { sentAt: 900, endAt: 1100 },
      ).findings.map(({ code }) => code),
    ).toEqual(['READINESS_STAYED_UP']);
  });

  test('stayed up for as long as it said so, to its last answer before the end', () => {
    expect(of([1002, 'ready'], [3900, 'ready'])).toMatchObject({ stayedUp: true, lastReadyAtMs: 3900 });
    expect(of([0, 'ready'], [3900, 'ready'])).toMatchObject({ stayedUp: true, lastReadyAtMs: 3900 });
  });

  test('that was ready a moment after the signal, and asked no more in vain before the end, did not', () => {
    expect(of([0, 'ready'], [1050, 'ready'])?.stayedUp).toBe(false);
  });

  test('that was never asked after the signal did not', () => {
    expect(of([0, 'ready'], [900, 'ready'])?.stayedUp).toBe(false);
  });

  test('lost with the process itself is no turning', () => {
    expect(of([0, 'ready'], [3500, 'ready'], [3990, 'nothing'])?.stayedUp).toBe(true);
  });

  test('of an app that closes its listener in the end stayed up until then', () => {
    const got = of([0, 'ready'], [3000, 'ready'], [3250, 'nothing'], [3600, 'nothing']);
    expect(got).toEqual({ stayedUp: true, notReadyAtMs: 3250, lastReadyAtMs: 3000 });
    expect(of([0, 'ready'], [900, 'ready'], [1150, 'nothing'])?.stayedUp).toBe(false);
  });
});

describe('a sidecar that had to be killed', () => {
  const sidecar = (signalledAtMs: number | null, endedAtMs: number, sigkillFired: boolean): SidecarFacts => ({
    name: 'proxy',
    signal: 'SIGTERM',
    signalledAtMs,
    endedAtMs,
    exitCode: sigkillFired ? 137 : 0,
    sigkillFired,
  });
  const judged = (...sidecars: readonly SidecarFacts[]) =>
    judge(pod({ routingLagMs: 0 }, 0, 500, { sidecars }), ...steady(400));

  test('is a warning, and no fault of the app’s', () => {
    const { verdict, findings } = judged(sidecar(510, 30_010, true));
    expect({ verdict, codes: findings.map(({ code }) => code) }).toEqual({
      verdict: 'pass',
      codes: ['SIDECAR_KILLED'],
    });
    expect(findings[0]?.message).toBe(
      'The sidecar proxy got SIGTERM 510 ms after the stop began, and was ended by SIGKILL 29.5 s later.',
    );
    expect(findings[0]?.advice).toContain('See that the signal reaches what runs in it');
  });

  test('with two seconds to go may only have had too little time', () => {
    const { findings } = judged(sidecar(30_000, 32_010, true));
    expect(findings[0]?.advice).toContain('share the grace period of 30 s');
  });

  test('is none that ended by itself', () => {
    expect(judged(sidecar(510, 700, false), sidecar(null, -100, false)).findings).toEqual([]);
  });
});
