import { expect, test } from 'vitest';

import { withoutValues, withValues } from '../../../src/plan/filled-in.ts';

const FILLED = { PASS: 's3cr3t', URL: 'db://u:s3cr3t@h', PORT: '80', DOTS: 'a.b*c' };

test.each([
  ['app --password s3cr3t', 'app --password $(PASS)', 'a value is its name again'],
  ['app db://u:s3cr3t@h', 'app $(URL)', 'the longest goes first'],
  ['app --port 8080', 'app --port 8080', 'what is too short to be a secret stays'],
  ['app a.b*c axbxc', 'app $(DOTS) axbxc', 'nothing in a value means more than itself'],
])('%s is shown as %s: %s', (text, shown) => {
  expect(withoutValues(text, FILLED)).toBe(shown);
  expect(withValues(shown, FILLED)).toBe(text);
});

test('a name that nothing was filled in for stays as it is', () => {
  expect(withValues('$(OTHER)', FILLED)).toBe('$(OTHER)');
});
