import { describe, expect, test } from 'vitest';

import type { RunOptions } from '../../../src/plan/options.ts';
import { asCommand } from '../../../src/without-engine/as-command.ts';

const NODE = 'ARG NODE_IMAGE=node:24-bookworm-slim\nFROM ${NODE_IMAGE}\nWORKDIR /app\n';
const FILES = ['Dockerfile', 'server.js', 'start.sh'];

const read = (dockerfile: string, options: Partial<RunOptions> = {}) =>
  asCommand({ target: './Dockerfile', ...options }, { dockerfile, folder: '/sample', files: FILES });
const optionsOf = (dockerfile: string, options?: Partial<RunOptions>) => {
  const made = read(dockerfile, options);
  return made.kind === 'command' ? made.options : made.because;
};

describe('what a container would run', () => {
  const cases: readonly (readonly [why: string, lines: string, command: readonly string[]])[] = [
    ['exec form', 'CMD ["node", "server.js"]', ['node', 'server.js']],
    ['shell form', 'CMD node server.js', ['/bin/sh', '-c', 'node server.js']],
    ['a broken exec form', "CMD ['node', 'server.js']", ['/bin/sh', '-c', "['node', 'server.js']"]],
    [
      'behind an entrypoint',
      'ENTRYPOINT ["tini", "--"]\nCMD node server.js',
      ['tini', '--', '/bin/sh', '-c', 'node server.js'],
    ],
    ['a script of the folder', 'COPY start.sh ./\nENTRYPOINT ["./start.sh"]\nCMD ["node"]', ['./start.sh', 'node']],
  ];
  test.each(cases)('%s', (_, lines, command) => {
    expect(optionsOf(`${NODE}COPY server.js ./\n${lines}`)).toMatchObject({ command, directory: '/sample' });
  });

  test('takes environment, port and stop signal along, and what the run says goes before', () => {
    const dockerfile = `${NODE}ENV A=1 B="two words"\nENV C=$A\nEXPOSE 3000/tcp 53/udp\nSTOPSIGNAL SIGINT\nCMD ["node"]`;
    expect(optionsOf(dockerfile)).toMatchObject({
      env: { A: '1', B: 'two words', C: '1' },
      port: 3000,
      stopSignal: 'SIGINT',
    });
    const given = { env: { B: 'b' }, port: 80, stopSignal: 'SIGQUIT' };
    expect(optionsOf(dockerfile, given)).toMatchObject({ env: { A: '1', B: 'b' }, port: 80, stopSignal: 'SIGQUIT' });
  });

  test('has the options that mean the same, and the warm-up of an image', () => {
    const options = { init: true, hold: ['sse:/events'], park: 3, graceMs: 3000, rate: 2 } as const;
    expect(optionsOf(`${NODE}CMD ["node"]`, options)).toEqual({
      ...options,
      command: ['node'],
      directory: '/sample',
      env: {},
      warmupMs: 5000,
    });
  });

  test('has no warm-up where it is stopped while it starts, and no port where nothing is sent', () => {
    const dockerfile = `${NODE}EXPOSE 3000\nCMD ["node"]`;
    expect(optionsOf(dockerfile, { when: 4000 })).not.toHaveProperty('warmupMs');
    expect(optionsOf(dockerfile, { load: 'none' })).not.toHaveProperty('port');
  });

  test('needs what the Dockerfile adds where it is missing, in the version that it asks for', () => {
    const dockerfile = `${NODE}RUN command -v tini || (apt-get update && apt-get install tini)
RUN command -v pnpm || npm install --global pnpm@10
CMD ["pnpm", "start"]`;
    expect(read(dockerfile)).toMatchObject({
      adds: [
        { name: 'tini', major: null },
        { name: 'pnpm', major: 10 },
      ],
    });
  });
});

describe('it is about an image', () => {
  const cases: readonly (readonly [because: string, dockerfile: string])[] = [
    ['its image is made from scratch', 'FROM scratch\nCMD ["/server"]'],
    ['its base image is alpine', 'FROM alpine\nCMD ["sh"]'],
    ['its image brings Debian’s nginx', 'FROM debian\nRUN command -v nginx || (apt-get install nginx)\nCMD ["nginx"]'],
    ['its image is built in several stages', `FROM debian AS build\nFROM node:24-bookworm-slim\nCMD ["node"]`],
    ['its Dockerfile has `RUN openssl req …`', `${NODE}RUN openssl req -x509\nCMD ["node"]`],
    ['its Dockerfile has `RUN command -v …`', `${NODE}RUN command -v a || b && c\nCMD ["node"]`],
    ['its Dockerfile has `USER node`', `${NODE}USER node\nCMD ["node"]`],
    ['its Dockerfile has `HEALTHCHECK CMD true`', `${NODE}HEALTHCHECK CMD true\nCMD ["node"]`],
    ['its Dockerfile has `COPY server.js /etc/server.js`', `${NODE}COPY server.js /etc/server.js\nCMD ["node"]`],
    ['its Dockerfile has `COPY server.js other.js`', `${NODE}COPY server.js other.js\nCMD ["node"]`],
    ['its Dockerfile has `COPY . .`', `${NODE}COPY . .\nCMD ["node"]`],
    ['its Dockerfile has `COPY missing.js ./`', `${NODE}COPY missing.js ./\nCMD ["node"]`],
    ['its Dockerfile has `COPY --chmod=755 start.sh …`', `${NODE}COPY --chmod=755 start.sh ./\nCMD ["node"]`],
    ['its command is the base image’s', NODE],
    ['it takes a variable of its base image’s', `${NODE}ENV PATH=/app/bin:$PATH\nCMD ["node"]`],
    ['its command names /app/server.js', `${NODE}COPY server.js ./\nCMD ["node", "/app/server.js"]`],
  ];
  test.each(cases)('%s', (because, dockerfile) => {
    expect(read(dockerfile)).toEqual({ kind: 'image', because });
  });

  test('where it is given what only a container has', () => {
    expect(optionsOf(`${NODE}CMD ["node"]`, { memoryBytes: 1 })).toBe('it has a memory limit');
    expect(optionsOf(`${NODE}CMD ["node"]`, { image: true })).toBe('its target is an image');
  });
});
