import { expect, test } from 'vitest';

import { notHere, notHereLines } from '../../../src/report/not-here.ts';

const missing = [
  { what: 'PASSWORD from the secret "db"', flag: '--env PASSWORD=...' },
  { what: 'the init container "migrate"', flag: null },
];

test('what a file asks for and is not here is told with the flag that gives it', () => {
  expect(notHere({ file: 'deployment.yaml', missing })).toBe(
    'In deployment.yaml, but not here: PASSWORD from the secret "db" (--env PASSWORD=...); the init container "migrate".',
  );
  expect(notHereLines({ file: 'deployment.yaml', missing })).toEqual([
    'In deployment.yaml, but not here:',
    '  PASSWORD from the secret "db" (--env PASSWORD=...)',
    '  the init container "migrate"',
  ]);
});

test('of many things only the first are told, and how many there are', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ what: `/${index}`, flag: null }));
  expect(notHere({ file: 'a.yaml', missing: many })).toBe(
    'In a.yaml, but not here: /0; /1; /2; /3; /4; /5; and 24 more.',
  );
  expect(notHereLines({ file: 'a.yaml', missing: many }).at(-1)).toBe('  and 18 more');
});

test('where nothing is missing nothing is told', () => {
  expect(notHere({ file: null, missing: [] })).toBeNull();
  expect(notHereLines({ file: null, missing: [] })).toEqual([]);
});
