import type { Target } from '../engines/engine.ts';
import type { OnSignal, Performed } from './sequence.ts';

/**
 * The engine's own stop, which escalates by itself. It cannot be taken back, so an abort only leaves it.
 *
 * @throws the abort's reason, when there is one before the engine's stop returns.
 */
export async function stopByEngine(
  target: Target,
  graceMs: number,
  onSignal: OnSignal,
  abort: AbortSignal,
): Promise<Performed> {
  abort.throwIfAborted();
  onSignal(graceMs);
  const stopped = target.stop(graceMs).then(
    () => null,
    (error: unknown) => error,
  );
  const aborted = Promise.withResolvers<never>();
  const leave = (): void => aborted.reject(abort.reason as Error);
  abort.addEventListener('abort', leave, { once: true });
  const error = await Promise.race([stopped, aborted.promise]).finally(() => abort.removeEventListener('abort', leave));
  return { preStop: null, error };
}
