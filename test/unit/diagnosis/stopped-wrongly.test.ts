import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import type { ProcessFacts } from '../../../src/engines/engine.ts';
import type { KernelTrace, Observation } from '../../../src/observation.ts';
import type { Source } from '../../../src/plan/plan.ts';
import { healthy, ledgerOf, observationOf, type Told } from '../observed.ts';
import { exited, tree } from './endings.ts';

const NGINX = 'nginx: master process nginx -g daemon off;';
const PHP = 'php-fpm: master process (/etc/php/8.2/fpm/php-fpm.conf)';
/** PID of the first program that supervisord runs. */
const FIRST = 101;

/** supervisord as PID 1 with these programs, each given from its outermost process to its innermost. */
function supervised(...programs: readonly (readonly string[])[]): Observation['snapshots'] {
  const facts = (command: string, pid: number, ppid: number): ProcessFacts => ({
    ...{ pid, ppid, isPid1: pid === 100, command, state: 'S' },
    masks: { caught: command.startsWith('sh ') ? '0' : '4000', ignored: '0', blocked: '0' },
  });
  const children = programs.flatMap((commands, program) =>
    commands.map((command, depth) =>
      facts(command, FIRST + program + depth * 10, depth === 0 ? 100 : FIRST + program + (depth - 1) * 10),
    ),
  );
  return [{ atMs: -1, by: 'engine', processes: [facts('/usr/bin/python3 /usr/bin/supervisord', 100, 1), ...children] }];
}

/** supervisord sent this to the first program. */
const sent = (signal: string): KernelTrace => ({
  kind: 'traced',
  pid1: 100,
  events: [
    {
      ...{ kind: 'signal', atMs: 400, signal, code: 0, result: 'delivered' },
      ...{ sender: { pid: 100, name: 'supervisord' }, receiver: { pid: FIRST, name: 'nginx' } },
    },
  ],
  lost: 0,
});

const ended = { ...observationOf().exit, exitCode: 0, atMs: 900 };
const inFlight: Told = { sentAt: -50, endAt: 150 };
const cutAtEnd: Told = { sentAt: 800, endAt: 890, ending: 'cutBefore', flags: ['fin'] };
const causeOf = (changes: Partial<Observation>, ...told: readonly Told[]) =>
  assess(observationOf({ exit: ended, ...changes }), ledgerOf(...healthy(), inFlight, ...told)).findings[0];

test('how to try the right signal is told by whether the container was started here', () => {
  const { plan } = observationOf();
  const snapshots = [tree(-1, `!${NGINX}`)];
  const early: Told = { ...cutAtEnd, sentAt: -10, endAt: 55 };
  const advice = (image: Source): string | null | undefined =>
    causeOf({ ...exited(0, 60), snapshots, plan: { ...plan, image } }, early)?.advice;
  expect(advice(plan.image)).toMatch(/\. `--stop-signal SIGQUIT` tries it here\.$/);
  const attached = { kind: 'container', reference: 'web' } as const;
  expect(advice(attached)).toMatch(/\. `docker run --stop-signal SIGQUIT` tries it\.$/);
});

describe('below a supervisor', () => {
  test('software that drops on the signal that the supervisor sends by default got the wrong one', () => {
    const cause = causeOf({ snapshots: supervised([NGINX]) }, cutAtEnd);
    expect(cause?.code).toBe('WRONG_STOP_SIGNAL');
    expect(cause?.message).toContain('SIGTERM where its configuration names none');
    expect(cause?.advice).toContain('`stopsignal=QUIT` to the section of nginx');
    expect(cause?.advice).not.toContain('STOPSIGNAL');
  });

  test('it did where the kernel saw that signal, and did not where it saw another', () => {
    const snapshots = supervised([NGINX]);
    expect(causeOf({ snapshots, kernel: sent('SIGTERM') }, cutAtEnd)?.message).not.toContain('names none');
    const other = causeOf({ snapshots, kernel: sent('SIGQUIT') }, cutAtEnd);
    expect(other?.code).toBe('ABRUPT_EXIT');
    expect(other?.message).toContain('got SIGQUIT and exited');
  });

  test('what looks like a late loss, because the supervisor lives on, is the same', () => {
    const told: readonly Told[] = [
      { sentAt: 300, endAt: 502, ending: 'cutBefore', flags: ['fin'] },
      { sentAt: 700, endAt: 900 },
    ];
    const cause = causeOf({ snapshots: supervised([NGINX]), exit: { ...ended, atMs: 3000 } }, ...told);
    expect(cause?.code).toBe('WRONG_STOP_SIGNAL');
  });

  test('PHP-FPM that drops its work shows as the 502 of nginx in front of it', () => {
    const cause = causeOf({ snapshots: supervised([PHP], [NGINX]) }, { sentAt: 300, endAt: 302, status: 502 });
    expect(cause?.code).toBe('WRONG_STOP_SIGNAL');
    expect(cause?.advice).toContain('process_control_timeout');
    expect(cause?.advice).toContain('`priority`');
  });

  test('an app that exits with requests open is an abrupt exit: the supervisor did pass the signal on', () => {
    const soon: Told = { sentAt: -50, endAt: 200, ending: 'cutBefore', flags: ['fin'] };
    const exit = { ...ended, atMs: 210 };
    expect(causeOf({ snapshots: supervised(['python3 app.py']), exit }, soon)?.code).toBe('ABRUPT_EXIT');
  });

  test('one that was cut off a while after the signal may have been killed by the supervisor', () => {
    const cause = causeOf({ snapshots: supervised(['python3 app.py']) }, cutAtEnd);
    expect(cause?.code).toBe('CAUSE_UNCLEAR');
    expect(cause?.message).toContain('the app exits on SIGTERM without waiting for its requests');
    expect(cause?.message).toContain('`stopwaitsecs`');
    const traced = causeOf({ snapshots: supervised(['python3 app.py']), kernel: sent('SIGTERM') }, cutAtEnd);
    expect(traced?.code).toBe('ABRUPT_EXIT');
  });

  test('a shell in front of the app keeps the signal from it', () => {
    const cause = causeOf({ snapshots: supervised(['sh -c "gunicorn app:app"', 'gunicorn app:app']) }, cutAtEnd);
    expect(cause?.code).toBe('SIGNAL_NOT_FORWARDED');
    expect(cause?.advice).toContain('`exec gunicorn app:app`');
  });
});

describe('a stop signal that no program can handle', () => {
  const killedBy = (command: string, changes: Partial<Observation> = {}): Observation => {
    const { target } = observationOf();
    return observationOf({
      target: { ...target, stopSignal: 'SIGKILL' },
      snapshots: [tree(-1, command)],
      events: [{ action: 'kill', signal: 'SIGKILL', exitCode: null, atMs: 12 }],
      ...exited(137, 44),
      ...changes,
    });
  };
  const cut: Told = { sentAt: -50, endAt: 40, ending: 'cutBefore', flags: ['fin'] };
  const assessed = (observation: Observation, ...told: readonly Told[]) =>
    assess(observation, ledgerOf(...healthy(), ...told));

  test('is the cause, whatever came of it', () => {
    const [cause] = assessed(killedBy('node server.js'), cut).findings;
    expect(cause).toMatchObject({ code: 'WRONG_STOP_SIGNAL', args: { unhandled: 'SIGKILL' } });
    expect(cause?.message).toContain('no program can handle that');
    expect(cause?.advice).toContain('Take the STOPSIGNAL line out of the Dockerfile, so that the stop is SIGTERM');
    const outOfMemoryOnce = killedBy('node server.js', { exit: { ...killedBy('').exit, oomKilled: true } });
    expect(assessed(outOfMemoryOnce, cut).findings[0]?.code).toBe('WRONG_STOP_SIGNAL');
  });

  test('is the cause where nothing was in its way either: its exit code is not accepted', () => {
    const { verdict, findings } = assessed(killedBy('node server.js'), inFlight);
    expect(verdict).toBe('fail');
    expect(findings.map(({ code }) => code)).toEqual(['WRONG_STOP_SIGNAL', 'UNEXPECTED_EXIT_CODE']);
    expect(findings[1]?.message).toContain('accepted is 0. SIGKILL was the stop signal itself.');
  });

  test('is advised against by the signal that the software drains on', () => {
    const [cause] = assessed(killedBy(NGINX), cut).findings;
    expect(cause?.advice).toBe('Name the signal on which nginx drains: `STOPSIGNAL SIGQUIT`.');
  });
});
