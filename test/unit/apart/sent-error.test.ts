import { deserialize, serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';

import { packError, type SentError, unpackError } from '../../../src/apart/sent-error.ts';
import { CannotRunError } from '../../../src/errors.ts';

/** As the channel between two processes has it. */
function sent(thrown: unknown): Error {
  return unpackError(deserialize(serialize(packError(thrown))) as SentError);
}

describe('an error that is sent to another process', () => {
  test('stays a CannotRunError, with all that it advises', () => {
    const error = new CannotRunError('no such port', { detail: ['a', 'b'], nextStep: 'Name one.' });
    expect(sent(error)).toBeInstanceOf(CannotRunError);
    expect(sent(error)).toMatchObject({
      message: 'no such port',
      detail: ['a', 'b'],
      nextStep: 'Name one.',
      stack: error.stack,
    });
    expect(sent(new CannotRunError('no advice'))).toMatchObject({ detail: [], nextStep: null });
  });

  test('keeps its name, its message, its stack and its cause', () => {
    const error = new TypeError('x is not a function', { cause: new RangeError('deeper') });
    expect(sent(error)).toMatchObject({
      name: 'TypeError',
      message: 'x is not a function',
      stack: error.stack,
      cause: { name: 'RangeError', message: 'deeper' },
    });
    expect(sent(error)).not.toBeInstanceOf(CannotRunError);
  });

  test('keeps an abort by its name', () => {
    expect(sent(AbortSignal.abort().reason)).toMatchObject({ name: 'AbortError' });
  });

  test('need be none when it is thrown', () => {
    expect(sent('just a word')).toMatchObject({ name: 'Error', message: 'just a word' });
    expect(sent(new CannotRunError('why', { cause: { socket: () => {} } }))).toMatchObject({
      message: 'why',
      cause: { message: '[object Object]' },
    });
  });
});
