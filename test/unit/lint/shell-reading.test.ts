import { describe, expect, test } from 'vitest';
import { readShell } from '../../../src/lint/shell-reading.ts';

/** Each ending as `kind(kept): words`. */
const endings = (text: string) =>
  readShell(text).endings.map(
    ({ kind, kept, words }) =>
      `${kind}${kept === null ? '' : `(${kept})`}: ${words.map((word) => word.text).join(' ')}`,
  );

describe('what a text of the shell ends with', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['node server.js', ['last: node server.js']],
    ['exec node server.js', ['exec: node server.js']],
    ['exec "$@"', ['exec: $@']],
    ['exec -a app node server.js', ['exec: node server.js']],
    ['PORT=3 exec node server.js', ['exec: node server.js']],
    ['"$@"', ['last: $@']],
    ['set -e\nmigrate && node server.js', ['last: node server.js']],
    ['migrate && exec node server.js', ['exec: node server.js']],
    ['migrate; exec node server.js', ['exec: node server.js']],
    ['exec node server.js || echo no', ['exec: node server.js']],
    ['node server.js || exit 1', ['kept(or): node server.js']],
    ['node server.js && echo bye', ['kept(more follows): node server.js']],
    ['node server.js; exit $?', ['kept(more follows): node server.js']],
    ['node server.js | tee log', ['kept(pipeline): node server.js']],
    ['exec node server.js | tee log', ['kept(pipeline): node server.js']],
    ['node server.js &\nwait', ['kept(background): node server.js']],
    ['exec node server.js & wait $!', ['kept(background): node server.js']],
    ['node server.js > log 2>&1', ['last: node server.js']],
    ['(exec node server.js)', ['kept(subshell): node server.js']],
    ['{ exec node server.js; }', ['exec: node server.js']],
    ['while true; do node server.js; sleep 1; done', ['kept(loop): node server.js']],
    ['trap "echo bye" EXIT\nnode server.js', ['kept(trap): node server.js']],
    ['. ./start.sh', ['elsewhere: ']],
    ['exec 2>&1', []],
    ['exec 2>&1\nnode server.js', ['last: node server.js']],
    ['echo hello\nexport A=1', []],
    ['for f in /etc/init/*; do "$f"; done\nexec "$@"', ['exec: $@']],
    ['cat <<EOF\nnode server.js\nEOF\nexec node server.js', ['exec: node server.js']],
    ['# exec node server.js\nnode server.js # exec', ['last: node server.js']],
    ['if [ -n "$A" ]; then exec a; fi\nexec b', ['exec: b']],
    ['if [ -n "$A" ]; then exec a; elif b; then c; else exec d; fi', ['exec: a', 'last: c', 'exec: d']],
    ['case "$1" in\n web) shift; exec node "$@" ;;\n *) "$@" ;;\nesac', ['exec: node $@', 'last: $@']],
    ['run() { exec node server.js; }\nrun "$@"', ['exec: node server.js']],
    ['main() { prepare; node server.js; }\nmain "$@"', ['last: node server.js']],
    ['loop() { loop; }\nloop', []],
    ['_main() {\n  exec "$@"\n}\nif ! _is_sourced; then\n  _main "$@"\nfi', ['exec: $@']],
    ['echo "$(exec node a)"; node server.js', ['last: node server.js']],
  ];
  test.each(cases)('%j', (text, expected) => {
    expect(endings(text)).toEqual(expected);
  });

  test('is nothing where nothing is written', () => {
    expect(readShell('')).toEqual({ endings: [], trap: null, waits: false, trouble: null });
  });

  test('has its offset, and its words without quotes', () => {
    const [ending] = readShell('set -e\nnode "a b" $PORT').endings;
    expect(ending?.at).toBe(7);
    expect(ending?.words.map(({ text, at }) => [text, at])).toEqual([
      ['node', 7],
      ['a b', 12],
      ['$PORT', 18],
    ]);
  });
});

describe('traps', () => {
  const cases: readonly (readonly [string, readonly string[] | null, boolean])[] = [
    ['trap "kill $p" TERM INT\nnode a &\np=$!\nwait $p', ['TERM', 'INT'], true],
    ['trap stop SIGTERM\nnode a', ['SIGTERM'], false],
    ['trap "rm x" EXIT\nnode a', null, false],
    ["trap '' TERM\nnode a", null, false],
    ['trap - TERM\nnode a', null, false],
    ['node a & wait', null, true],
    ['wait', null, false],
  ];
  test.each(cases)('%j', (text, signals, waits) => {
    const reading = readShell(text);
    expect(reading.trap?.signals ?? null).toEqual(signals);
    expect(reading.waits).toBe(waits);
  });
});
