import { expect, test } from 'vitest';

import { createStack } from '../../../src/companions/stack.ts';

const undone: string[] = [];
const made = (name: string): AsyncDisposable => ({
  [Symbol.asyncDispose]: () => Promise.resolve(void undone.push(name)),
});

test('what was made is undone the last first, once, and to the end where a step fails', async () => {
  undone.length = 0;
  const stack = createStack();
  stack.use(made('network'));
  stack.use({ [Symbol.dispose]: () => void undone.push('watch') });
  stack.defer(() => Promise.reject(new Error('will not go')));
  stack.use(made('container'));
  await expect(stack[Symbol.asyncDispose]()).rejects.toThrow('will not go');
  await stack[Symbol.asyncDispose]();
  expect(undone).toEqual(['container', 'watch', 'network']);
});

test('what is handed over is undone by whoever has it', async () => {
  undone.length = 0;
  const stack = createStack();
  stack.use(made('container'));
  const kept = stack.move();
  await stack[Symbol.asyncDispose]();
  expect(undone).toEqual([]);
  await kept[Symbol.asyncDispose]();
  expect(undone).toEqual(['container']);
});
