import type { CannotRunError } from '../errors.ts';
import { signalName } from '../signals.ts';
import { badValue } from './bad-value.ts';

/**
 * `SIGQUIT` for `SIGQUIT`, `quit` or `3`.
 * @throws CannotRunError for anything that is no signal.
 */
export function normaliseSignal(signal: string, name: string): string {
  const found = signalName(signal);
  if (found === 'SIGKILL' || found === 'SIGSTOP') throw uncatchable(signal, name, found);
  if (found) return found;
  throw badValue({
    name,
    value: signal,
    takes: 'a signal by name or number, such as SIGTERM, SIGQUIT, SIGINT, SIGUSR1, SIGWINCH or 15',
    example: '--stop-signal SIGQUIT',
  });
}

function uncatchable(value: string, name: string, signal: string): CannotRunError {
  const why = `No process can catch ${signal}, so there is no shutdown to check.`;
  return badValue({ name, value, takes: 'a signal that a process can handle', example: '--stop-signal SIGTERM', why });
}
