import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execInstead } from '../../../src/image/exec-instead.ts';

const GENERIC = 'No engine at hand? A command can be checked without one: shutdown-check exec -- npm start';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function insteadOf(dockerfile: string): Promise<string> {
  const file = path.join(folder, 'Dockerfile');
  await writeFile(file, dockerfile);
  return await execInstead({
    kind: 'build',
    reference: '.',
    dockerfile: file,
    context: folder,
    buildArgs: {},
    buildTarget: null,
    platform: null,
    pull: 'missing',
  });
}

test.each([
  ['FROM a\nCMD ["node", "server.js"]', 2, 'node server.js'],
  ['FROM a\nCMD node server.js', 2, "/bin/sh -c 'node server.js'"],
  ['FROM a\nENTRYPOINT ["tini", "--"]\nCMD ["node", "my server.js"]', 2, "tini -- node 'my server.js'"],
  ['FROM a\nCMD node \\\n server.js', 2, "/bin/sh -c 'node  server.js'"],
  ['FROM a\nENTRYPOINT npm start\nCMD ["ignored"]', 2, "/bin/sh -c 'npm start'"],
])('%j: its own command is offered, where it runs and as a shell reads it', async (dockerfile, line, command) => {
  expect(await insteadOf(dockerfile)).toBe(
    `No engine at hand? Its command alone (${folder}/Dockerfile:${line}) can be checked without one, on this machine:\n` +
      `  cd ${folder} && shutdown-check exec -- ${command}`,
  );
});

test.each([
  'FROM a\n',
  '',
  String.raw`FROM a
CMD ["sh", "-c", "migrate\nnode server.js"]`,
])('%j: where no command is to be read, the offer names none of it', async (dockerfile) => {
  expect(await insteadOf(dockerfile)).toBe(GENERIC);
});

test('of an image it names none either', async () => {
  const source = { kind: 'image', reference: 'a', platform: null, pull: 'missing' } as const;
  expect(await execInstead(source)).toBe(GENERIC);
});
