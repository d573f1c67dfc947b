import { expect, test } from 'vitest';

import { shellFormIn } from '../../../src/image/shell-form.ts';

type Command = readonly string[] | null;

test.each<[Command, Command, string]>([
  [null, ['/bin/sh', '-c', 'node .'], 'CMD: node .'],
  [['/bin/sh', '-c', 'node .'], null, 'ENTRYPOINT: node .'],
  [['/bin/sh', '-c', 'node .'], ['ignored'], 'ENTRYPOINT: node .'],
  [['sh', '-c'], ['node .'], 'ENTRYPOINT: node .'],
  [['tini', '--'], ['sh', '-c', 'node .'], 'CMD: node .'],
  [['tini', '--', 'sh', '-c', 'node .'], null, 'ENTRYPOINT after tini --: node .'],
  [null, ['su-exec', 'app', 'sh', '-c', 'node .'], 'CMD after su-exec app: node .'],
  [null, ['/bin/bash', '-o', 'pipefail', '-c', 'node .'], 'CMD: node .'],
  [null, ['bash', '--login', '-ec', 'node .'], 'CMD: node .'],
  [null, ['sh', '-c', '--', 'node .'], 'CMD: node .'],
])('%j with %j gives a shell its commands', (entrypoint, command, expected) => {
  const form = shellFormIn({ entrypoint, command });
  const before = form && form.before.length > 0 ? ` after ${form.before.join(' ')}` : '';
  expect(`${form?.instruction}${before}: ${form?.text}`).toBe(expected);
});

test.each<[Command, Command]>([
  [null, null],
  [null, ['node', 'server.js']],
  [null, ['node', '-c', 'server.js']],
  [['/entrypoint.sh'], ['node', '-c', '.']],
  [
    ['/bin/sh', '/entrypoint.sh'],
    ['-c', 'node .'],
  ],
  [null, ['bash']],
  [null, ['sh', '-c']],
  [null, ['sh', '-e', 'script']],
])('%j with %j does not', (entrypoint, command) => {
  expect(shellFormIn({ entrypoint, command })).toBeNull();
});
