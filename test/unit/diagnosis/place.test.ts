import { describe, expect, test } from 'vitest';
import type { FindingCode } from '../../../src/diagnosis/finding.ts';
import { withPlace } from '../../../src/diagnosis/place.ts';
import type { DockerfilePlaces } from '../../../src/image/dockerfile-places.ts';
import type { ContainerPlan } from '../../../src/plan/plan.ts';
import { observationOf } from '../observed.ts';

const SHELL = ['/bin/sh', '-c', 'node server.js'];

interface Built {
  readonly places?: Partial<DockerfilePlaces> | null;
  readonly planned?: Partial<ContainerPlan>;
  readonly entrypoint?: readonly string[] | null;
  readonly command?: readonly string[] | null;
  /** What runs, as the finding has it. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A cause found in an image whose Dockerfile has CMD in line 6, changed where a test says so. */
function placed(code: FindingCode, built: Built = {}) {
  const { places = {}, planned = {}, entrypoint = null, command = SHELL, args = {} } = built;
  const { image, target, plan } = observationOf();
  const lines = { file: 'api/Dockerfile', entrypointLine: null, commandLine: 6, stopSignalLine: null };
  const observation = observationOf({
    image: { ...image, dockerfile: places && { ...lines, ...places } },
    target: { ...target, command, entrypoint },
    plan: { ...plan, container: { ...plan.container, ...planned } },
  });
  return withPlace({ code, severity: 'error', message: 'It is so.', advice: 'Do it.', args }, observation);
}

const at = (code: FindingCode, built?: Built) => placed(code, built).args['at'] ?? null;

describe('the place of a cause', () => {
  test('is the line of what is started, and stands in the advice', () => {
    for (const code of ['SHELL_IS_PID1', 'SIGNAL_NOT_FORWARDED', 'NAMESPACE_TEARDOWN'] as const) {
      expect(placed(code)).toMatchObject({
        advice: 'Do it. CMD is at api/Dockerfile:6.',
        args: { at: 'api/Dockerfile:6' },
      });
    }
  });

  const both = { entrypointLine: 5 };
  const cases: readonly (readonly [why: string, built: Built, line: number])[] = [
    ['an entrypoint alone', { entrypoint: SHELL, command: null }, 5],
    ['a script, and words for it', { entrypoint: ['/start.sh'], command: ['a'], args: { pid1: 'sh /start.sh a' } }, 5],
    ['a script that gave its place up', { entrypoint: ['/start.sh'], command: ['a'], args: { app: 'a' } }, 6],
    ['a script, and the shell form', { entrypoint: ['/start.sh'], args: { pid1: '/bin/sh -c node server.js' } }, 6],
    ['an init, and the shell form', { entrypoint: ['tini', '--'], args: { pid1: 'tini -- /bin/sh -c a' } }, 6],
    ['an init, and a script', { entrypoint: ['tini', '-g', '--'], command: ['/b.sh'], args: { pid1: 'tini' } }, 6],
    ['an init with its script', { entrypoint: ['tini', '/b.sh'], command: ['c'], args: { pid1: 'tini /b.sh c' } }, 5],
  ];
  test.each(cases)('where there is %s', (_, built, line) => {
    expect(at('NAMESPACE_TEARDOWN', { places: both, ...built })).toBe(`api/Dockerfile:${line}`);
  });

  test('is the STOPSIGNAL’s for a wrong one, where there is one', () => {
    const advice = 'Do it. STOPSIGNAL is at api/Dockerfile:3.';
    expect(placed('WRONG_STOP_SIGNAL', { places: { stopSignalLine: 3 } }).advice).toBe(advice);
    expect(at('WRONG_STOP_SIGNAL')).toBeNull();
    expect(at('WRONG_STOP_SIGNAL', { places: { stopSignalLine: 3 }, planned: { stopSignal: 'SIGINT' } })).toBeNull();
  });

  test('is left out where the Dockerfile does not decide it', () => {
    expect(placed('SHELL_IS_PID1', { places: null })).toMatchObject({ advice: 'Do it.', args: {} });
    expect(at('SHELL_IS_PID1', { places: { commandLine: null } })).toBeNull();
    expect(at('SHELL_IS_PID1', { planned: { command: ['a'] } })).toBeNull();
    expect(at('SHELL_IS_PID1', { places: both, planned: { entrypoint: SHELL }, entrypoint: SHELL })).toBeNull();
    expect(at('ABRUPT_EXIT')).toBeNull();
  });

  test('is left out where something else has to change', () => {
    expect(at('PID1_NO_HANDLER')).toBeNull();
    expect(at('NAMESPACE_TEARDOWN', { args: { what: 'workers' } })).toBeNull();
    expect(at('NAMESPACE_TEARDOWN', { args: { what: 'app' } })).not.toBeNull();
    expect(at('SIGNAL_NOT_FORWARDED', { args: { isSupervised: true } })).toBeNull();
    expect(at('WRONG_STOP_SIGNAL', { places: { stopSignalLine: 3 }, args: { isSupervised: true } })).toBeNull();
  });
});
