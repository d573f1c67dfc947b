import type { Parked } from './parked.ts';

/** An app whose workers wait for parked requests gets so long to answer them and be as it was. */
const LET_GO_MS = 2000;

/** Workers that wait for the rest get it, so that they are free again. */
export async function letGo(parked: Parked): Promise<void> {
  await parked.finishAll();
  await parked.settled(LET_GO_MS);
  parked.close();
}

/** Does something that an abort cuts short by closing what it waits for. @throws the abort's reason, where it came. */
export async function closingOn<T>(abort: AbortSignal, close: () => void, act: () => Promise<T>): Promise<T> {
  abort.throwIfAborted();
  abort.addEventListener('abort', close, { once: true });
  try {
    return await act();
  } finally {
    abort.removeEventListener('abort', close);
    abort.throwIfAborted();
  }
}
