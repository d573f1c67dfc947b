import { expect, test } from 'vitest';

import { CannotRunError } from '../../src/errors.ts';
import { assertStopped } from '../../src/observe.ts';

test('a target that the engine could not end was not stopped, and the engine says why', () => {
  const refused = new Error('cannot stop container: permission denied');
  expect(() => assertStopped({ running: true }, refused)).toThrow(CannotRunError);
  expect(() => assertStopped({ running: true }, refused)).toThrow('permission denied');
  expect(() => assertStopped({ running: true }, null)).toThrow('it still runs');
});

test('one that has ended was stopped, however the call came back', () => {
  expect(() => assertStopped({ running: false }, new Error('socket hang up'))).not.toThrow();
});
