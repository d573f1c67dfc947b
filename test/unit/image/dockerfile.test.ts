import { describe, expect, test } from 'vitest';
import { needsBuildKit, parseInstructions } from '../../../src/image/dockerfile.ts';

const places = (dockerfile: string) =>
  parseInstructions(dockerfile).map(({ line, endLine, text }) => [line, endLine, text]);

describe('parseInstructions', () => {
  test('gives each instruction its first line, comments and blank lines left out', () => {
    expect(places('# a\n\nFROM x\n  # b\nrun  a   b\n')).toEqual([
      [3, 3, 'FROM x'],
      [5, 5, 'run a b'],
    ]);
  });

  test('joins continued lines across comments, CRLF too', () => {
    expect(places('FROM x\r\nRUN a \\\r\n # no\r\n  && b\r\nCMD c')).toEqual([
      [1, 1, 'FROM x'],
      [2, 4, 'RUN a && b'],
      [5, 5, 'CMD c'],
    ]);
  });

  test('takes another escape character from its directive', () => {
    expect(places('# escape=`\nFROM x\nRUN a `\n b\nRUN c:\\\n')).toEqual([
      [2, 2, 'FROM x'],
      [3, 4, 'RUN a b'],
      [5, 5, 'RUN c:\\'],
    ]);
  });

  test('counts the body of a heredoc to its instruction', () => {
    expect(places('FROM x\nRUN <<EOF\nFROM no\nEOF\nCOPY <<-"A" <<B /x\n1\nA\n2\nB\nCMD y')).toEqual([
      [1, 1, 'FROM x'],
      [2, 4, 'RUN <<EOF'],
      [5, 9, 'COPY <<-"A" <<B /x'],
      [10, 10, 'CMD y'],
    ]);
  });
});

describe('needsBuildKit', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['FROM x\nRUN --mount=type=cache,target=/a b', true],
    ['FROM x\nRUN <<EOF\na\nEOF', true],
    ['# syntax=docker/dockerfile:1\nFROM x', true],
    ['FROM x\n# syntax=docker/dockerfile:1', false],
    ['FROM x\nRUN cat <<<word', false],
    ['FROM x\nCMD a --mount', false],
  ];
  test.each(cases)('%j: %s', (dockerfile, needed) => {
    expect(needsBuildKit(dockerfile)).toBe(needed);
  });
});
