import { CannotRunError } from '../errors.ts';
import type { Companion } from './start.ts';

/** So many of its last lines are shown: the target's own stand there too. */
const SHOWN_LOG_LINES = 10;

/**
 * The error that kept a target from getting ready, with what has become of its companions: one that has ended meanwhile is
 * likely the reason.
 */
export async function withThoseGone(error: unknown, started: readonly Companion[]): Promise<unknown> {
  if (!(error instanceof CannotRunError)) return error;
  const told = await Promise.all(started.filter(({ plan }) => plan.waitFor !== 'completed').map(goneLines));
  const { message, detail, nextStep } = error;
  return new CannotRunError(message, {
    detail: [...detail, ...told.flat()],
    ...(nextStep === null ? {} : { nextStep }),
    cause: error,
  });
}

async function goneLines({ plan: { name }, target, watch }: Companion): Promise<readonly string[]> {
  const { running, exitCode } = await target.state();
  if (running) return [];
  const lines = watch.tail(SHOWN_LOG_LINES);
  const said = lines.length === 0 ? ', and wrote nothing to its log.' : '. Its last log lines:';
  return [`${name}, which runs beside it, had exited by then: exit code ${exitCode}${said}`, ...lines];
}
