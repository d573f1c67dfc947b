import { describe, expect, test } from 'vitest';

import { candidatesFor } from '../../../src/proof/candidates.ts';
import { describeChange } from '../../../src/proof/change.ts';
import { withPlan } from '../observed.ts';
import { commandPlan } from '../observed-command.ts';
import { failing, type Failing } from './failing.ts';

/** What would be tried, ladders joined by `, then`; and what would not. */
function told(run: Failing): readonly string[] {
  const first = failing(run);
  const { kind } = first.plan.resolved.image;
  return candidatesFor(first).map((candidate) =>
    candidate.kind === 'try'
      ? candidate.ladder.map((change) => describeChange(change, kind)).join(', then ')
      : `not ${candidate.change}: ${candidate.because}`,
  );
}

const NODE: Failing = { command: ['node', 'server.js'], processes: ['node server.js'] };
const NGINX = ['nginx: master process nginx -g daemon off;', 'nginx: worker process'];
const SCRIPT: Failing = {
  entrypoint: ['/entrypoint.sh'],
  command: ['node', 'server.js'],
  processes: ['/bin/sh /entrypoint.sh node server.js', 'node server.js'],
};

describe('what makes sense for a cause', () => {
  const table: readonly (readonly [string, Failing, readonly string[]])[] = [
    ['a shell as PID 1', {}, ['CMD ["node", "server.js"]', '--init']],
    [
      'a shell as PID 1 whose command was filled in',
      {
        command: ['/bin/sh', '-c', 'node server.js --key=$(KEY)'],
        container: { filledIn: { KEY: '(hidden)' } },
      },
      ['CMD ["node", "server.js", "--key=$(KEY)"]', '--init'],
    ],
    [
      'an init in front of a shell',
      {
        cause: 'NAMESPACE_TEARDOWN',
        processes: ['tini -- sh -c node server.js', 'sh -c node server.js', 'node server.js'],
      },
      ['CMD ["node", "server.js"]', 'not --init: PID 1 is an init already (`tini -- sh -c node server.js`)'],
    ],
    [
      'an init that the plan asks for',
      { container: { init: true }, processes: [] },
      ['CMD ["node", "server.js"]', 'not --init: PID 1 is an init already'],
    ],
    [
      'no handler in PID 1',
      { ...NODE, cause: 'PID1_NO_HANDLER' },
      ['STOPSIGNAL SIGINT', 'STOPSIGNAL SIGQUIT', '--init'],
    ],
    [
      'no handler, and SIGINT sent',
      { ...NODE, cause: 'DEFAULT_ACTION_DEATH', stopSignal: 'SIGINT' },
      ['STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGQUIT'],
    ],
    ['a stop during the start', { ...NODE, cause: 'LOST_AT_STARTUP' }, ['--init']],
    ['known software', { ...NODE, cause: 'WRONG_STOP_SIGNAL', processes: NGINX }, ['STOPSIGNAL SIGQUIT']],
    [
      'known software below a supervisor',
      { ...NODE, cause: 'WRONG_STOP_SIGNAL', processes: ['python3 /usr/bin/supervisord', ...NGINX] },
      ['not STOPSIGNAL: only the supervisor would get it; what it sends is in its configuration'],
    ],
    [
      'a handler that takes too long',
      { ...NODE, cause: 'HANDLER_EXCEEDS_GRACE' },
      ['grace period 20 s, then grace period 40 s, then grace period 80 s, then grace period 120 s'],
    ],
    [
      'an unclear cause and SIGKILL',
      { cause: 'CAUSE_UNCLEAR', plan: { graceMs: 30_000, maxGraceMs: 60_000 } },
      ['CMD ["node", "server.js"]', 'STOPSIGNAL SIGINT', 'STOPSIGNAL SIGQUIT', '--init', 'grace period 60 s'],
    ],
    [
      'an unclear cause without SIGKILL',
      { ...NODE, cause: 'CAUSE_UNCLEAR', sigkill: false },
      ['STOPSIGNAL SIGINT', 'STOPSIGNAL SIGQUIT', '--init'],
    ],
    [
      'an unclear cause of software that got its own signal',
      { ...NODE, cause: 'CAUSE_UNCLEAR', sigkill: false, stopSignal: 'SIGQUIT', processes: NGINX },
      ['not STOPSIGNAL: nginx drains on SIGQUIT, which it got', '--init'],
    ],
    ['an exit of its own', { ...NODE, cause: 'ABRUPT_EXIT' }, []],
    ['connections that stay', { ...NODE, cause: 'STUCK_ON_CONNECTIONS' }, []],
    ['no cause', { ...NODE, cause: null }, []],
  ];

  test.each(table)('%s', (_title, run, expected) => {
    expect(told(run)).toEqual(expected);
  });
});

describe('of a command', () => {
  const ofCommand = (run: Failing): Failing => ({ ...run, plan: { ...commandPlan(withPlan({}).plan), ...run.plan } });

  const table: readonly (readonly [string, Failing, readonly string[]])[] = [
    ['a shell as PID 1', {}, ['node server.js', '--init']],
    [
      'words that a shell would take apart',
      { command: ['sh', '-c', `node -e 'a b'`], cause: 'NAMESPACE_TEARDOWN' },
      ["node -e 'a b'", '--init'],
    ],
    [
      'a list',
      { command: ['sh', '-c', 'cd app && node .'] },
      [
        'not without a shell: `cd app && node .` needs its shell: `&&` joins commands. Put `exec` before its last command',
        '--init',
      ],
    ],
    ['no shell', { ...NODE, cause: 'DEFAULT_ACTION_DEATH' }, ['--stop-signal SIGINT', '--stop-signal SIGQUIT']],
    [
      'software that got its own signal',
      { ...NODE, cause: 'CAUSE_UNCLEAR', sigkill: false, stopSignal: 'SIGQUIT', processes: NGINX },
      ['not --stop-signal: nginx drains on SIGQUIT, which it got', '--init'],
    ],
  ];

  test.each(table)('%s', (_title, run, expected) => {
    expect(told(ofCommand(run))).toEqual(expected);
  });
});

describe('the grace period', () => {
  test.each([
    [500, 4_000, ['grace period 1 s, then grace period 2 s, then grace period 4 s']],
    [200, 1_000, ['grace period 400 ms, then grace period 800 ms, then grace period 1 s']],
    [0, 4_000, ['grace period 1 s, then grace period 2 s, then grace period 4 s']],
    [30_000, 120_000, ['grace period 60 s, then grace period 120 s']],
    [30_000, 100_000, ['grace period 60 s, then grace period 100 s']],
    [10_000, 15_000, ['grace period 15 s']],
    [60_000, 60_000, ['not a longer grace period: it had 1m; `--max-grace` allows 1m']],
  ])('of %d ms goes up to %d ms by doubling', (graceMs, maxGraceMs, expected) => {
    expect(told({ ...NODE, cause: 'HANDLER_EXCEEDS_GRACE', plan: { graceMs, maxGraceMs } })).toEqual(expected);
  });
});

describe('the exec form', () => {
  const shell = (text: string): readonly string[] => ['/bin/sh', '-c', text];
  const table: readonly (readonly [string, Failing, string])[] = [
    ['keeps quoted words', { command: shell("node -e 'a b'") }, 'CMD ["node", "-e", "a b"]'],
    ['drops exec', { command: shell('exec node .') }, 'CMD ["node", "."]'],
    ['sets variables', { command: shell('PORT=1 node .') }, 'CMD ["env", "PORT=1", "node", "."]'],
    ['is of the entrypoint', { entrypoint: shell('node .'), command: null }, 'ENTRYPOINT ["node", "."]'],
    [
      'keeps an init',
      { entrypoint: ['tini', '--', 'sh', '-c', 'node .'], command: null },
      'ENTRYPOINT ["tini", "--", "node", "."]',
    ],
    ['leaves an entrypoint alone', { entrypoint: ['tini', '--'], command: shell('node .') }, 'CMD ["node", "."]'],
    ['finds the command of a shell', { entrypoint: ['sh', '-c'], command: ['node .'] }, 'ENTRYPOINT ["node", "."]'],
    [
      'leaves a list to its shell',
      { command: shell('cd app && node .') },
      'not CMD [...]: `cd app && node .` needs its shell: `&&` joins commands. Put `exec` before its last command',
    ],
    [
      'leaves a variable to its shell',
      { entrypoint: shell('node $MAIN'), command: null },
      'not ENTRYPOINT [...]: `node $MAIN` needs its shell: `$MAIN` is filled in by the shell. Put `exec` before its last command',
    ],
    [
      'cannot be had of a script',
      SCRIPT,
      'not ENTRYPOINT [...]: `/entrypoint.sh` is a script; put `exec` before its last command',
    ],
    [
      'cannot be had of a script behind an init',
      { ...SCRIPT, processes: ['tini -- /entrypoint.sh', ...(SCRIPT.processes ?? [])] },
      'not ENTRYPOINT [...]: `/entrypoint.sh` is a script; put `exec` before its last command',
    ],
    [
      'is what a package manager was seen to run',
      { cause: 'SIGNAL_NOT_FORWARDED', command: ['npm', 'start'], processes: ['npm start', 'sh -c node .', 'node .'] },
      'CMD ["node", "."]',
    ],
    [
      'is the same behind an init',
      {
        cause: 'NAMESPACE_TEARDOWN',
        entrypoint: ['tini', '--'],
        command: ['npm', 'start'],
        processes: ['tini -- npm start', 'npm start', 'sh -c node .', 'node .'],
      },
      'CMD ["node", "."]',
    ],
    [
      'takes the place of an entrypoint of a package manager',
      {
        cause: 'SIGNAL_NOT_FORWARDED',
        entrypoint: ['npm', 'run'],
        command: ['serve'],
        processes: ['npm run serve', 'sh -c node .', 'node .'],
      },
      'ENTRYPOINT ["node", "."]',
    ],
    [
      'cannot be had of a package manager whose app goes by a title',
      {
        cause: 'SIGNAL_NOT_FORWARDED',
        command: ['npm', 'start'],
        processes: ['npm start', 'sh -c next start', 'next-server (v15.1.0)'],
      },
      "not CMD [...]: `npm start` is no shell; name the app's own program in its place",
    ],
    [
      'cannot be had of a supervisor',
      { cause: 'CAUSE_UNCLEAR', command: ['supervisord'], processes: ['python3 /usr/bin/supervisord', 'node .'] },
      "not CMD [...]: `python3 /usr/bin/supervisord` is no shell; name the app's own program in its place",
    ],
  ];

  test.each(table)('%s', (_title, run, expected) => {
    expect(told(run)[0]).toBe(expected);
  });

  test('is nothing to try where the shell replaced itself', () => {
    expect(told({ cause: 'CAUSE_UNCLEAR', processes: ['node server.js'], sigkill: false })[0]).toBe(
      'STOPSIGNAL SIGINT',
    );
  });
});
