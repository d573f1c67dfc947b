import { describe, expect, test } from 'vitest';
import { buildFailure } from '../../../src/image/build-failure.ts';

const DOCKERFILE = [
  'ARG B=base/image',
  'FROM ${B} AS base',
  'RUN true',
  '',
  '# comment',
  'FROM base',
  'WORKDIR /app',
  'RUN echo one \\',
  ' # in between',
  '    && exit 3',
].join('\n');

const messageFor = (output: readonly string[], text = DOCKERFILE): string =>
  buildFailure(output, { path: 'app/Dockerfile', text }).message;

const RUN_FAILS = 'app/Dockerfile:8 does not build: RUN echo one && exit 3';

// Outputs as recorded: docker CLI 28.2 with the legacy builder, and BuildKit of engine 20.10; the excerpt of 24 on.
describe('buildFailure', () => {
  test("finds the legacy builder's last step", () => {
    const output = [
      'Step 5/6 : WORKDIR /app',
      ' ---> 392ba1e9f425',
      'Step 6/6 : RUN echo one     && exit 3',
      ' ---> Running in d59f61a58ddc',
      "The command '/bin/sh -c echo one     && exit 3' returned a non-zero code: 3",
    ];
    expect(messageFor(output)).toBe(RUN_FAILS);
  });

  test("finds BuildKit's step by its text", () => {
    const output = [
      '#7 ERROR: executor failed running [/bin/sh -c echo one     && exit 3]: exit code: 3',
      '------',
      ' > [stage-1 2/2] RUN echo one     && exit 3:',
      '------',
      'executor failed running [/bin/sh -c echo one     && exit 3]: exit code: 3',
    ];
    expect(messageFor(output)).toBe(RUN_FAILS);
  });

  test("finds BuildKit's step by its number where its text has variables filled in", () => {
    const output = [' > [build 2/3] COPY real.txt /a/:', 'failed to compute cache key: "/real.txt" not found'];
    const text = 'FROM x AS build\nENV F=real.txt\nCOPY $F /a/\nRUN b\nFROM scratch\nCOPY --from=build / /\n';
    expect(messageFor(output, text)).toBe('app/Dockerfile:3 does not build: COPY $F /a/');
  });

  test('does not count FROM scratch, as BuildKit does not', () => {
    const output = [' > [1/1] COPY a.txt /:'];
    expect(messageFor(output, 'FROM scratch\nARG F=a.txt\nCOPY $F /\n')).toMatch(/^app\/Dockerfile:3 /);
  });

  test("takes the line from newer BuildKit's excerpt", () => {
    const output = [
      ' > [stage-1 2/2] RUN something else:',
      '------',
      'Dockerfile:9',
      '--------------------',
      '   8 | >>> RUN echo one \\',
      '--------------------',
      'ERROR: failed to solve: process "/bin/sh -c echo one && exit 3" did not complete successfully: exit code: 3',
    ];
    expect(messageFor(output)).toBe(RUN_FAILS);
  });

  const parseErrors = [
    'Error response from daemon: dockerfile parse error line 1: unknown instruction: FRM',
    'dockerfile parse error on line 1: unknown instruction: FRM',
    'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error line 1: unknown instruction: FRM',
  ];
  test.each(parseErrors)('names the line of a parse error: %s', (line) => {
    expect(messageFor([line], 'FRM scratch\n')).toBe('app/Dockerfile:1 does not build: FRM scratch');
  });

  test('names the FROM whose image BuildKit cannot have, and says what to do', () => {
    const output = [
      '------',
      ' > [internal] load metadata for docker.io/library/nosuch:latest:',
      '------',
      'pull access denied',
    ];
    const failure = buildFailure(output, { path: 'Dockerfile', text: 'FROM node:24 AS a\nFROM nosuch\n' });
    expect(failure.message).toBe('Dockerfile:2 does not build: FROM nosuch');
    expect(failure.nextStep).toContain('docker login');
  });

  test('says what is missing where the builder cannot do BuildKit', () => {
    const failure = buildFailure(['the --mount option requires BuildKit. Refer to …'], {
      path: 'Dockerfile',
      text: 'FROM x',
    });
    expect(failure.nextStep).toContain('buildx');
  });

  test("shows the builder's last lines, and no place where it names none", () => {
    const output = [
      'DEPRECATED: The legacy builder is deprecated',
      ...Array.from({ length: 30 }, (_, at) => `line ${at}`),
      '',
    ];
    const failure = buildFailure(output, { path: 'Dockerfile', text: DOCKERFILE });
    expect(failure.message).toBe('Dockerfile does not build.');
    expect(failure.detail).toHaveLength(15);
    expect(failure.detail.at(-1)).toBe('line 29');
  });
});
