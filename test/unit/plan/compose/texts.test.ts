import { describe, expect, test } from 'vitest';
import { parseDotenv } from '../../../../src/plan/compose/dotenv.ts';
import { substitute, type Variables } from '../../../../src/plan/compose/interpolate.ts';
import { splitWords } from '../../../../src/plan/compose/split-words.ts';

const SET: Readonly<Record<string, string>> = { NAME: 'api', EMPTY: '', TAG: '1.2' };
const variables: Variables = { get: (name) => SET[name], onUnset: () => {} };

describe('substitute', () => {
  test.each([
    ['no variable', 'no variable'],
    ['$NAME:$TAG', 'api:1.2'],
    ['${NAME}-x', 'api-x'],
    ['$$NAME costs $5', '$NAME costs $5'],
    ['$${NAME}', '${NAME}'],
    ['a $UNSET b', 'a  b'],
    ['${UNSET:-default}', 'default'],
    ['${EMPTY:-default}', 'default'],
    ['${EMPTY-default}', ''],
    ['${UNSET-default}', 'default'],
    ['${UNSET-}', ''],
    ['${NAME:+other}', 'other'],
    ['${EMPTY:+other}', ''],
    ['${EMPTY+other}', 'other'],
    ['${UNSET+other}', ''],
    ['${UNSET:-${TAG}}', '1.2'],
    ['${UNSET:-${OTHER:-{"a":1}}}', '{"a":1}'],
    ['${UNSET:-http://db:5432}', 'http://db:5432'],
    ['${NAME:?is needed}', 'api'],
    ['a $(command) 100$', 'a $(command) 100$'],
  ])('makes of %j what compose does: %j', (text, expected) => {
    expect(substitute(text, variables)).toBe(expected);
  });

  test.each([
    ['${UNSET:?is needed}', 'the variable UNSET has to be set (is needed)'],
    ['${EMPTY:?}', 'the variable EMPTY has to be set'],
    ['${NAME', 'the brace of "${NAME" is not closed'],
    ['${NAME!}', '"${NAME!}" names no variable'],
    ['${}', '"${}" names no variable'],
  ])('says of %j why it cannot be filled in', (text, reason) => {
    expect(() => substitute(text, variables)).toThrow(reason);
  });

  test('tells of a variable that is not set only where nothing else stands for it', () => {
    const unset: string[] = [];
    const watched: Variables = { ...variables, onUnset: (name) => unset.push(name) };
    substitute('$A ${B} ${C:-c} ${D-d} ${E+e} $NAME $EMPTY ${F:-$G}', watched);
    expect(unset).toEqual(['A', 'B', 'G']);
  });
});

describe('parseDotenv', () => {
  test.each([
    ['A=1\nB= two \n\n# C=3\nexport D=4', { A: '1', B: 'two', D: '4' }],
    ['A=\'single # $NAME\'\nB="double # $NAME"', { A: 'single # $NAME', B: 'double # api' }],
    ['A=unquoted # comment\nB=a#b\nC=#d', { A: 'unquoted', B: 'a#b', C: '#d' }],
    ['A="line\\nbreak \\"q\\" \\$NAME \\\\"', { A: 'line\nbreak "q" $NAME \\' }],
    ['A="first\nsecond"\nB=b', { A: 'first\nsecond', B: 'b' }],
    ['A=1\nB=${A}2\nC=${X:-x}', { A: '1', B: '12', C: 'x' }],
    ['NAME\nUNSET\nA=1', { NAME: 'api', A: '1' }],
    ['A=a=b\nURL=postgres://u@db:5432/x?y=z', { A: 'a=b', URL: 'postgres://u@db:5432/x?y=z' }],
    ['A: yaml\r\nB=\r\nC = c\r\n', { A: 'yaml', B: '', C: 'c' }],
    ["A='it\\'s'", { A: "it's" }],
    ['\uFEFFA=1', { A: '1' }],
  ])('reads %j as compose does', (text, expected) => {
    expect(parseDotenv(text, '.env', variables)).toEqual(expected);
  });

  test('names the line that names no variable, and the quote that is not closed', () => {
    expect(() => parseDotenv('A=1\n!x', '.env', variables)).toThrow('.env, line 2 "!x" names no variable');
    expect(() => parseDotenv('A="1\nB=2', '.env', variables)).toThrow('the quote around the value of A is not closed');
  });
});

describe('splitWords', () => {
  test.each([
    ['node server.js', ['node', 'server.js']],
    ['  sh -c "exec node $PORT && true"  ', ['sh', '-c', 'exec node $PORT && true']],
    [`echo 'a "b" \\n' "it's"`, ['echo', 'a "b" \\n', "it's"]],
    ['a\\ b c"d e"f', ['a b', 'cd ef']],
    ['run "" --flag=""', ['run', '', '--flag=']],
    ['echo $HOME *.js ~', ['echo', '$HOME', '*.js', '~']],
    ['echo "a\\tb\\"c"', ['echo', 'a\tb"c']],
    ['migrate && serve', ['migrate']],
    ['', []],
  ])('splits %j as compose does: %j', (text, expected) => {
    expect(splitWords(text)).toEqual(expected);
  });

  test.each(["node 'server.js", 'node "server.js', 'node (server)', 'node \\'])('refuses %j', (text) => {
    expect(splitWords(text)).toBeNull();
  });
});
