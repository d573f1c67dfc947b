/**
 * `import 'shutdown-check/vitest'` gives `expect` the matchers below. Each takes an image, a Dockerfile, a folder, options
 * of a run, a started container of testcontainers, or a check that has been made; each has to be awaited.
 */
import * as vitest from 'vitest';

import type { Checked } from '../run.ts';
import { checkInTest } from './check.ts';
import { MATCHERS } from './matchers.ts';
import type { CheckOptions, Subject } from './subject.ts';
import type { TestTask } from './time-limit.ts';

export type { Checked } from '../run.ts';
export type { CheckOptions, StartedContainer, Subject } from './subject.ts';
export { SHUTDOWN_TIMEOUT_MS } from './time-limit.ts';

/** What `expect()` can do once this is imported. A check that could not tell fails, with and without `not`. */
interface ShutdownMatchers {
  /** It passes: nothing is lost, nothing has to be killed, and its exit code is an accepted one. */
  toShutDownGracefully(options?: CheckOptions): Promise<void>;
  /** Nothing that it had taken is lost, however it ends. */
  toLoseNothing(options?: CheckOptions): Promise<void>;
  /** It ends with this exit code, whatever it loses. */
  toExitWith(exitCode: number, options?: CheckOptions): Promise<void>;
}

// vitest's own `Matchers` has other type parameters in each major version; what it takes over from Chai has none.
declare global {
  namespace Chai {
    interface Assertion extends ShutdownMatchers {}
  }
}

vitest.expect.extend(MATCHERS);

/**
 * Checks something once, for several matchers to judge: `expect(checked).toLoseNothing()`.
 *
 * @throws Error where the check could not take place, or not within the test's time.
 */
export async function checkShutdown(subject: Subject, options?: CheckOptions): Promise<Checked> {
  return await checkInTest(subject, options, currentTest());
}

/**
 * Checks something, and expects it to pass.
 *
 * @throws an assertion error whose message is the report where it does not; an Error where it could not take place.
 */
export async function expectGracefulShutdown(subject: Subject, options?: CheckOptions): Promise<Checked> {
  const checked = await checkShutdown(subject, options);
  await vitest.expect(checked).toShutDownGracefully();
  return checked;
}

/** The test that is under way; undefined in a hook, and where vitest is too old to tell. */
function currentTest(): TestTask | undefined {
  return 'TestRunner' in vitest ? vitest.TestRunner.getCurrentTest() : undefined;
}
