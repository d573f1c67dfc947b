import { describe, expect, test } from 'vitest';

import { assess } from '../../../src/assess.ts';
import { rewrittenBy } from '../../../src/diagnosis/rewrite.ts';
import { healthy, ledgerOf, observationOf } from '../observed.ts';
import { exited, tree } from './endings.ts';

test.each([
  ['dumb-init --rewrite 15:3 nginx', { signal: 'SIGQUIT' }],
  ['/usr/bin/dumb-init -r 2:3 -r 15:3 -- nginx', { signal: 'SIGQUIT' }],
  ['dumb-init --rewrite=15:10 haproxy', { signal: 'SIGUSR1' }],
  ['dumb-init -r15:3 nginx', { signal: 'SIGQUIT' }],
  ['dumb-init -r 15:0 nginx', { signal: null }],
  ['dumb-init -r 2:3 nginx', null],
  ['dumb-init nginx', null],
  ['dumb-init -- app -r 15:3', null],
  ['tini -- nginx -r 15:3', null],
])('`%s` passes on %j in the place of SIGTERM', (command, expected) => {
  expect(rewrittenBy([{ command }], 'SIGTERM')).toEqual(expected);
});

describe('behind an init that passes on another signal', () => {
  const causeOf = (init: string, app: string) =>
    assess(
      observationOf({ ...exited(0, 60), snapshots: [tree(-1, `!${init}`, app)] }),
      ledgerOf(...healthy(), { sentAt: -50, endAt: 55, ending: 'cutBefore', flags: ['fin'] }),
    ).findings[0];
  const NGINX = 'nginx: master process nginx -g daemon off;';

  test('software is judged by the signal that it got', () => {
    expect(causeOf('dumb-init --rewrite 15:3 nginx', NGINX)?.code).toBe('CAUSE_UNCLEAR');
    expect(causeOf('dumb-init nginx', NGINX)?.code).toBe('WRONG_STOP_SIGNAL');
    const gunicorn = causeOf('dumb-init --rewrite 15:3 gunicorn app', 'gunicorn: master [app]');
    expect(gunicorn).toMatchObject({ code: 'WRONG_STOP_SIGNAL', args: { programs: [{ signal: 'SIGQUIT' }] } });
  });
});
