import { STATUS_CODES } from 'node:http';

import type { Dispatcher } from 'undici';

import { messageOf } from '../../errors.ts';
import type { HoldPlan } from '../../plan/plan.ts';
import { EventCounter } from './event-counter.ts';
import { cannotHold, Held, type HoldContext } from './held.ts';

/**
 * Opens a stream of Server-Sent Events and counts what comes.
 * @throws CannotRunError where the app answers with anything but 200 and text/event-stream, or not at all.
 */
export async function openSse(hold: HoldPlan, context: HoldContext): Promise<Held> {
  const { statusCode, headers, body } = await request(hold, context);
  const type = String(headers['content-type'] ?? 'no content-type');
  if (statusCode !== 200 || !/^text\/event-stream\s*(;|$)/i.test(type)) {
    // Nothing needs the rest, and a stream of another kind has no end.
    body.on('error', () => {}).destroy();
    const answer = `${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trim();
    throw cannotHold(hold, `the app answered ${answer}${statusCode === 200 ? ` with ${type}` : ''}`);
  }
  const verifiable = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  const end = (): Promise<void> => Promise.resolve(void body.destroy());
  const held = new Held(hold, verifiable, context.clock, end);
  const events = new EventCounter();
  body.on('data', (chunk: Buffer) => held.sawMessages(events.count(chunk)));
  body.once('end', () => held.sawEnd('clean')).once('error', () => held.sawEnd('cut'));
  return held;
}

async function request(hold: HoldPlan, { host, isTls, agent, headers, abort }: HoldContext) {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept');
  // The abort is about the opening alone: afterwards it would end the stream, and that would look like the app's doing.
  const opening = new AbortController();
  const stop = (): void => opening.abort(abort.reason);
  abort.throwIfAborted();
  abort.addEventListener('abort', stop);
  const options: Dispatcher.RequestOptions = {
    origin: `${isTls ? 'https' : 'http'}://${host}`,
    path: hold.path,
    method: 'GET',
    headers: { ...Object.fromEntries(others), accept: 'text/event-stream' },
    signal: opening.signal,
  };
  try {
    return await agent.request(options);
  } catch (error) {
    abort.throwIfAborted();
    throw cannotHold(hold, messageOf(error), error);
  } finally {
    abort.removeEventListener('abort', stop);
  }
}
