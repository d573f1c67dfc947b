import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Copy, makeCopy } from './namespace-copy.ts';

vi.setConfig({ testTimeout: 60_000 });

const BASE = process.env['SHUTDOWN_CHECK_TEST_BASE'] ?? 'shutdown-check/node:24-bookworm-slim';
const UNCONFINED = ['--security-opt', 'seccomp=unconfined', '--security-opt', 'systempaths=unconfined'];

let copy: Copy;
beforeAll(async () => {
  copy = await makeCopy();
});
afterAll(() => copy[Symbol.asyncDispose]());

interface Refused {
  readonly message: string;
  readonly detail: readonly string[];
  readonly nextStep: string;
}

/** What the program prints in a container that is started with these flags; an empty list where it may have namespaces. */
function inContainer(...flags: readonly string[]): Promise<Refused | readonly []> {
  return copy.runIn(['docker', 'run', '--rm', '--volume', `${copy.folder}:${copy.folder}:ro`, ...flags, BASE]);
}

test('in a container without privileges it says which namespace is missing, and the flags that it names suffice', async () => {
  const [root, user, noProc, rootAllowed, userAllowed] = await Promise.all([
    inContainer(),
    inContainer('--user', '1000'),
    inContainer('--user', '1000', '--security-opt', 'seccomp=unconfined'),
    inContainer('--cap-add', 'SYS_ADMIN'),
    inContainer('--user', '1000', ...UNCONFINED),
  ]);
  expect(root).toMatchObject({
    message: 'No PID namespace of its own can be had for the command.',
    detail: [expect.stringContaining('unshare --pid'), expect.stringContaining('unshare --user')],
    nextStep: expect.stringContaining('docker run --cap-add SYS_ADMIN'),
  });
  expect(user).toMatchObject({
    message: 'No user namespace of its own can be had for the command.',
    nextStep: expect.stringContaining(UNCONFINED.join(' ')),
  });
  expect(noProc).toMatchObject({ message: 'No /proc of its own can be had for the command.' });
  expect([rootAllowed, userAllowed]).toEqual([[], []]);
});
