import { expect, test } from 'vitest';

import { CannotRunError } from '../../src/errors.ts';
import { assertStopped } from '../../src/observe.ts';
import { commandPlan } from './observed-command.ts';
import { observationOf } from './observed.ts';

const { plan } = observationOf();

test('a target that the engine could not end was not stopped, and the engine says why', () => {
  const refused = new Error('cannot stop container: permission denied');
  expect(() => assertStopped(plan, { running: true }, refused)).toThrow(CannotRunError);
  expect(() => assertStopped(plan, { running: true }, refused)).toThrow('permission denied');
  expect(() => assertStopped(plan, { running: true }, null)).toThrow('it still runs');
});

test('a command that goes on after SIGKILL has no engine to ask', () => {
  const ofCommand = commandPlan(plan);
  expect(() => assertStopped(ofCommand, { running: true }, null)).toThrow(
    'The command could not be ended: it got SIGKILL, and it still runs',
  );
});

test('one that has ended was stopped, however the call came back', () => {
  expect(() => assertStopped(plan, { running: false }, new Error('socket hang up'))).not.toThrow();
});
