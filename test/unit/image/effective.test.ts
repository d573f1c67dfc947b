import { describe, expect, test } from 'vitest';
import type { CommandLine } from '../../../src/image/command-line.ts';
import { originOf } from '../../../src/image/copy.ts';
import { readEffective } from '../../../src/image/effective.ts';

const read = (text: string, buildTarget: string | null = null, buildArgs: Readonly<Record<string, string>> = {}) =>
  readEffective(text, 'Dockerfile', { buildTarget, buildArgs });

/** `line:column form text`, the place being that of what follows the keyword. */
const told = (command: CommandLine | null) =>
  command && `${command.textPlace.line}:${command.textPlace.column} ${command.form} ${command.text}`;
const start = (text: string, buildTarget?: string) => {
  const { entrypoint, command } = read(text, buildTarget);
  return [told(entrypoint), told(command)];
};

describe('the command in force', () => {
  const cases: readonly (readonly [why: string, text: string, entrypoint: string | null, command: string | null])[] = [
    ['none', 'FROM x', null, null],
    ['shell form', 'FROM x\nCMD node  a', null, '2:5 shell node  a'],
    ['exec form', 'FROM x\nCMD ["node", "a"]', null, '2:5 exec ["node", "a"]'],
    ['small letters and an indent', 'from x\n  cmd   node a', null, '2:9 shell node a'],
    ['the last one counts', 'FROM x\nCMD a\nCMD b', null, '3:5 shell b'],
    ['continued', 'FROM x\nCMD \\\n  node \\\n# no\n  a', null, '3:3 shell node   a'],
    ['another escape', '# escape=`\nFROM x\nCMD c:\\a `\n b', null, '3:5 shell c:\\a  b'],
    ['single quotes', "FROM x\nCMD ['node', 'a']", null, "2:5 broken ['node', 'a']"],
    ['a comma too many', 'FROM x\nCMD ["node",]', null, '2:5 broken ["node",]'],
    ['no list of strings', 'FROM x\nCMD ["node", 1]', null, '2:5 broken ["node", 1]'],
    ['a test of the shell', 'FROM x\nCMD [ -f a ] && b', null, '2:5 shell [ -f a ] && b'],
    ['a health check', 'FROM x\nCMD ["a"]\nHEALTHCHECK CMD curl b', null, '2:5 exec ["a"]'],
    ['on build', 'FROM x\nCMD ["a"]\nONBUILD CMD b', null, '2:5 exec ["a"]'],
    ['a heredoc’s lines', 'FROM x\nCOPY <<EOF /a\nCMD b\nEOF\nCMD c', null, '5:5 shell c'],
    ['both', 'FROM x\nCMD ["a"]\nENTRYPOINT ["b"]', '3:12 exec ["b"]', '2:5 exec ["a"]'],
    ['of an earlier stage', 'FROM x AS a\nCMD a\nFROM A\nRUN b', null, '2:5 shell a'],
    ['an inherited one is reset', 'FROM x AS a\nCMD a\nFROM a\nENTRYPOINT ["b"]', '4:12 exec ["b"]', null],
    ['another stage’s', 'FROM x AS a\nCMD a\nFROM y', null, null],
  ];
  test.each(cases)('%s', (_, text, entrypoint, command) => {
    expect(start(text)).toEqual([entrypoint, command]);
  });

  test('is that of the stage that is built', () => {
    const text = 'FROM x AS One\nCMD a\nFROM y as two\nCMD b';
    expect(start(text, 'one')).toEqual([null, '2:5 shell a']);
    expect(start(text, '0')).toEqual([null, '2:5 shell a']);
    expect(() => start(text, 'three')).toThrow('Dockerfile has no stage "three".');
  });

  test('has a place for every word, and the shell in force', () => {
    const { command } = read('FROM x\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nCMD ["a\\"", \\\n  "b"]');
    expect(command?.words.map(({ text, place }) => [text, place.line, place.column])).toEqual([
      ['a"', 3, 6],
      ['b', 4, 3],
    ]);
    expect(command?.shell).toEqual(['/bin/bash', '-o', 'pipefail', '-c']);
  });
});

describe('the base image', () => {
  const cases: readonly (readonly [string, string | null])[] = [
    ['FROM node:24', 'node:24'],
    ['FROM --platform=linux/amd64 node:24 AS a', 'node:24'],
    ['ARG V=24\nFROM node:${V}', 'node:24'],
    ['ARG V=24\nFROM node:$V-slim', 'node:24-slim'],
    ['ARG V\nFROM node:${V:-22}', 'node:22'],
    ['ARG V\nFROM node:$V', null],
    ['FROM x AS a\nFROM node:24\nCOPY --from=a /b /b', 'node:24'],
    ['FROM node:24 AS a\nFROM a AS b\nFROM b', 'node:24'],
  ];
  test.each(cases)('%j: %s', (text, reference) => {
    expect(read(text).base.reference).toBe(reference);
  });

  test('takes build arguments before defaults', () => {
    expect(read('ARG V=24\nFROM node:${V}', null, { V: '25' }).base.reference).toBe('node:25');
  });
});

describe('the stop signal', () => {
  const cases: readonly (readonly [string, string | null | undefined])[] = [
    ['FROM x', undefined],
    ['FROM x\nSTOPSIGNAL SIGQUIT', 'SIGQUIT'],
    ['FROM x\nENV S=SIGINT\nSTOPSIGNAL $S', 'SIGINT'],
    ['ARG S=SIGHUP\nFROM x\nARG S\nSTOPSIGNAL ${S}', 'SIGHUP'],
    ['FROM x\nARG S=SIGINT\nSTOPSIGNAL ${S}', 'SIGINT'],
    ['FROM x\nSTOPSIGNAL $S', null],
    ['FROM x AS a\nSTOPSIGNAL 3\nFROM a', '3'],
  ];
  test.each(cases)('%j: %s', (text, signal) => {
    expect(read(text).stopSignal?.signal).toBe(signal);
  });
});

test.each([
  ['', 'Dockerfile is empty.'],
  ['# nothing\n\n', 'Dockerfile is empty.'],
  ['{ "a": 1 }', 'Dockerfile has no FROM, so it is no Dockerfile that could be built.'],
  ['ARG A', 'Dockerfile has no FROM'],
])('%j is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

describe('where a file of the image comes from', () => {
  const cases: readonly (readonly [copies: string, imagePath: string, origin: readonly string[] | string | null])[] = [
    ['COPY a.sh /a.sh', '/a.sh', ['a.sh']],
    ['COPY docker/a.sh /usr/local/bin/', '/usr/local/bin/a.sh', ['docker/a.sh']],
    ['COPY docker/a.sh /usr/local/bin', '/usr/local/bin/a.sh', ['docker/a.sh', 'docker/a.sh/a.sh']],
    ['COPY --chmod=755 a.sh b.sh ./', '/a.sh', ['a.sh']],
    ['WORKDIR /app\nCOPY . .', '/app/bin/a.sh', ['bin/a.sh']],
    ['WORKDIR /app\nCOPY bin bin', '/app/bin/a.sh', ['bin/a.sh']],
    ['COPY ["a.sh", "/b.sh"]', '/b.sh', ['a.sh']],
    ['COPY *.sh /app/', '/app/a.sh', ['a.sh']],
    ['COPY *.js /app/', '/app/a.sh', null],
    ['COPY ../a.sh /a.sh', '/a.sh', ['a.sh']],
    ['COPY --from=build /a.sh /a.sh', '/a.sh', 'line 2 copies it from build, not from the build context'],
    ['COPY <<EOF /a.sh\nexec b\nEOF', '/a.sh', 'line 2 writes it from a heredoc'],
    ['ADD https://example.com/a.sh /a.sh', '/a.sh', 'line 2 downloads it'],
    ['COPY a.sh /b.sh', '/a.sh', null],
    ['RUN x', '/a.sh', null],
  ];
  test.each(cases)('%j: %s', (copies, imagePath, expected) => {
    const origin = originOf(imagePath, read(`FROM x\n${copies}`).copies);
    const plain = origin?.kind === 'context' ? origin.candidates : (origin?.because ?? null);
    expect(
      typeof expected === 'object' && expected !== null ? [...new Set(plain)].slice(0, expected.length) : plain,
    ).toEqual(expected);
  });
});
