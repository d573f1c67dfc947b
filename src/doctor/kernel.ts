import { messageOf } from '../errors.ts';
import { CannotTrace, findTracefs } from '../witness/kernel/tracefs.ts';
import type { KernelFacts } from './machine.ts';

/** Whether the kernel can be asked who sent which signal to whom. Never throws, and records nothing. */
export async function lookAtKernel(): Promise<KernelFacts> {
  try {
    return { kind: 'can', tracefs: await findTracefs() };
  } catch (error) {
    const nextStep = error instanceof CannotTrace ? error.nextStep : 'Leave `--kernel-trace` out.';
    return { kind: 'cannot', because: messageOf(error), nextStep };
  }
}
