import { expect, test } from 'vitest';
import { renderLint } from '../../../src/report/lint-text.ts';

const PLAIN = { color: false, width: 80, unicode: true };

test('the command that shows what really happens builds the image that was looked at', () => {
  const result = { schemaVersion: 1, dockerfile: 'api/Dockerfile', findings: [] } as const;
  const flags = ['--context', 'my app', '--build-target', 'production', '--build-arg', 'A=$b'];
  expect(renderLint(result, PLAIN, flags)).toContain(
    "`shutdown-check run api/Dockerfile --context 'my app' --build-target production --build-arg 'A=$b'` shows",
  );
  expect(renderLint(result, PLAIN, [])).toContain('`shutdown-check run api/Dockerfile` shows');
});
