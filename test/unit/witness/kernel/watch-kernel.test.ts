import { expect, test } from 'vitest';

import { startClock } from '../../../../src/clock.ts';
import type { Target } from '../../../../src/engines/engine.ts';
import { CannotRunError } from '../../../../src/errors.ts';
import { watchKernel } from '../../../../src/witness/kernel/watch-kernel.ts';
import { commandPlan } from '../../observed-command.ts';
import { observationOf } from '../../observed.ts';

const { plan } = observationOf();

/** A target on another machine: of all that a target has, the kernel's witness asks only for this. */
const ELSEWHERE = { kernelPid1: null, stopSignal: 'SIGTERM' } as Target;

test('a target under another kernel goes untraced, and the detail says why', async () => {
  const said: string[] = [];
  await using kernel = await watchKernel(ELSEWHERE, { ...plan, kernelTrace: 'auto' }, startClock(), (progress) => {
    if (progress.kind === 'detail') said.push(progress.text);
  });
  const because = "the container's processes have no numbers of their own on this machine";
  expect(kernel.tell(0)).toEqual({ kind: 'untraced', because });
  expect(said).toEqual([`The kernel was not asked: ${because}.`]);
});

test('a command is untraced where this program is in a PID namespace itself', async () => {
  const plan = commandPlan(observationOf().plan);
  await using kernel = await watchKernel(ELSEWHERE, { ...plan, kernelTrace: 'auto' }, startClock(), () => {});
  const because = 'this program runs in a PID namespace itself, and numbers processes otherwise';
  expect(kernel.tell(0)).toEqual({ kind: 'untraced', because });
});

test('where it was asked for and cannot be, the run cannot take place', async () => {
  const error = await watchKernel(ELSEWHERE, { ...plan, kernelTrace: 'on' }, startClock(), () => {}).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(CannotRunError);
  expect(error).toMatchObject({
    message: expect.stringMatching(/^--kernel-trace on: the kernel cannot be asked: .*machine\.$/),
    nextStep: 'Run it on the machine of the engine, without `--pid host`.',
  });
});
