import { expect, test } from 'vitest';

import { noOwnNetwork } from '../../../../src/engines/namespace/own-network.ts';

const absent = Object.assign(new Error('spawn unshare ENOENT'), { code: 'ENOENT' });

test.each([
  ['an ordinary user', 1000, '', undefined, 'only root may make one'],
  ['no unshare', 0, '', absent, '`unshare` (util-linux) is not installed'],
  ['no ip, says dash', 0, 'sh: 1: ip: not found\n', undefined, '`ip` (iproute2) is not installed'],
  ['no ip, says bash', 0, 'sh: line 1: ip: command not found\n', undefined, '`ip` (iproute2) is not installed'],
  ['a container', 0, 'unshare: unshare failed: Operation not permitted\n', undefined, 'the kernel does not allow it'],
  ['anything else', 0, 'RTNETLINK answers: No such device\n', undefined, 'it could not be set up'],
])('the error says why there is no network of its own: %s', (_, uid, said, cause, reason) => {
  const error = noOwnNetwork(uid, said, cause);
  expect(error.message).toBe(`A network of its own cannot be had: ${reason}.`);
  expect(error.detail).toEqual(said === '' ? [] : [said.trimEnd()]);
  expect(error.nextStep).toContain('`--network host`');
});
