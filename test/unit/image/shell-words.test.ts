import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

import { asCommand, parseShellWords } from '../../../src/image/shell-words.ts';

const SPLIT: readonly (readonly [string, readonly string[]])[] = [
  ['node server.js', ['node', 'server.js']],
  ['  node\tserver.js  ', ['node', 'server.js']],
  ["node -e 'a b; c && $d *'", ['node', '-e', 'a b; c && $d *']],
  ['node "a b" c\\ d', ['node', 'a b', 'c d']],
  ['node "say \\"hi\\" \\$5 \\` \\\\ \\n"', ['node', 'say "hi" $5 ` \\ \\n']],
  [`printf %s it\\'s"a"'b'c`, ['printf', '%s', "it'sabc"]],
  ['printf %s ""', ['printf', '%s', '']],
  ["printf %s ''x", ['printf', '%s', 'x']],
  ['printf %s \\*', ['printf', '%s', '*']],
  ["printf %s a'*'", ['printf', '%s', 'a*']],
  ['printf %s \\~ a~b', ['printf', '%s', '~', 'a~b']],
  ['printf %s "^x$" y$', ['printf', '%s', '^x$', 'y$']],
  ['printf %s # a remark; that $ends', ['printf', '%s']],
  ['printf %s a#b', ['printf', '%s', 'a#b']],
  ['node \\\n  server.js', ['node', 'server.js']],
  ['node "ser\\\nver.js"', ['node', 'server.js']],
  ['find -name {}', ['find', '-name', '{}']],
  ['node a=b', ['node', 'a=b']],
  ['printf %s \\😀', ['printf', '%s', '😀']],
  ['printf %s a\\\\', ['printf', '%s', 'a\\']],
  ['printf %s a\\ ', ['printf', '%s', 'a ']],
  ['node \n\n', ['node']],
  ['node # a remark\n', ['node']],
  ['printf %s a\rb \u00a0', ['printf', '%s', 'a\rb', '\u00a0']],
];

test.each(SPLIT)('%j is a program with its words', (text, words) => {
  expect(parseShellWords(text)).toEqual({ kind: 'words', assignments: [], words });
});

test.each(SPLIT)('a real shell makes the same words of %j', (text, words) => {
  const script = `set -- ${text}\nfor word; do printf '%s\\0' "$word"; done`;
  const seen = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
  expect(seen).toEqual(words);
});

test.each([
  ['PORT=80 node server.js', ['PORT=80'], ['node', 'server.js']],
  ['A="b c" B= exec node x', ['A=b c', 'B='], ['exec', 'node', 'x']],
])('what is assigned in front of %j is kept apart', (text, assignments, words) => {
  expect(parseShellWords(text)).toEqual({ kind: 'words', assignments, words });
});

test.each([
  ['cd app && node server.js', '`&&` joins commands'],
  ['a || b', '`||` joins commands'],
  ['a;b', '`;` joins commands'],
  ['a & b', '`&` joins commands'],
  ['a | tee log', '`|` joins commands'],
  ['a\nb', 'a line break joins commands'],
  ['# first\nb', 'a line break joins commands'],
  ['(a)', '`(` groups commands'],
  ['a > log', '`>` redirects'],
  ['a 2>&1', '`2>&` redirects'],
  ['a < in', '`<` redirects'],
  ['node $FILE', '`$FILE` is filled in by the shell'],
  ['node "${FILE:-a}"', '`${FILE:-a}` is filled in by the shell'],
  ['exec "$@"', '`$@` is filled in by the shell'],
  ['node $(cat f)', '`$(cat f)` runs a command for its output'],
  ['node `cat f`', 'a backquote runs a command for its output'],
  ["node $'a'", "`$'` is a kind of quote that not every shell knows"],
  ['node *.js', '`*.js` is a pattern for names of files'],
  ['node a?', '`a?` is a pattern for names of files'],
  ['node [ab]', '`[ab]` is a pattern for names of files'],
  ['~/bin/app', '`~/bin/app` names a home folder'],
  ['A=~/x node', '`A=~/x` names a home folder'],
  ['node {a,b}', '`{a,b}` is a list in braces to some shells'],
  ["node 'a", "a `'` is not closed"],
  ['node "a', 'a `"` is not closed'],
  ['node \\', 'it ends in a `\\`'],
  ['if true', "`if` is a word of the shell's language"],
  ['! a', "`!` is a word of the shell's language"],
  ['. ./env', "`.` is a command of the shell's own"],
  ['cd app', "`cd` is a command of the shell's own"],
  ['exec -a name node', "`exec -a` is an option of the shell's"],
  ['exec', '`exec` alone starts no program'],
  ['A=1', 'it starts no program'],
  [' # nothing', 'it starts no program'],
  ['', 'it starts no program'],
])('%j takes its shell', (text, because) => {
  expect(parseShellWords(text)).toEqual({ kind: 'needsShell', because });
});

test.each([
  ['exec node server.js', ['node', 'server.js']],
  ['PORT=80 node server.js', ['env', 'PORT=80', 'node', 'server.js']],
  ['A=1 exec node', ['env', 'A=1', 'node']],
])('%j without a shell', (text, command) => {
  const parsed = parseShellWords(text);
  expect(parsed.kind === 'words' && asCommand(parsed)).toEqual(command);
});

test('line breaks in front are nothing', () => {
  expect(parseShellWords('\n \nnode')).toEqual({ kind: 'words', assignments: [], words: ['node'] });
});
