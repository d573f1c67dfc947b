import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { type Dispatcher, WebSocket } from 'undici';

import { messageOf } from '../../errors.ts';
import type { HoldPlan } from '../../plan/plan.ts';
import { cannotHold, Held, type HoldContext } from './held.ts';

/**
 * Codes of close frames that are a good-bye and no complaint: normal, going away, none given, service restart
 * (RFC 6455, 7.4.1, and the registry of WebSocket close codes). 1005 stands for a close frame without a code, which is
 * what most libraries send unless told otherwise; without any close frame it is 1006.
 */
const CLEAN_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005, 1012]);
/** After our close frame the app gets so long to end the connection. */
const CLOSE_WAIT_MS = 500;

/** What the app answered to the handshake; a WebSocket does not tell by itself. */
interface Answer {
  status: number | null;
  error: Error | null;
  /** The connection, once it is a WebSocket's. */
  socket: Duplex | null;
}

/**
 * Opens a WebSocket, answers its pings and counts its messages.
 * @throws CannotRunError where the app does not switch protocols.
 */
export async function openWebSocket(hold: HoldPlan, context: HoldContext): Promise<Held> {
  const { host, isTls, agent, headers, clock, abort } = context;
  abort.throwIfAborted();
  const answer: Answer = { status: null, error: null, socket: null };
  const webSocket = new WebSocket(`${isTls ? 'wss' : 'ws'}://${host}${hold.path}`, {
    dispatcher: agent.compose(noting(answer), withHostOf(headers)),
    headers,
  });
  webSocket.binaryType = 'arraybuffer';
  const held = await opened(webSocket, abort, () => new Held(hold, true, clock, () => end(webSocket, answer.socket)));
  if (held) return held;
  answer.socket?.destroy();
  abort.throwIfAborted();
  throw cannotHold(hold, whyNot(answer), answer.error);
}

/** Resolves when it has opened, and is being watched from that moment; with null when it cannot, or on the abort. */
async function opened(webSocket: WebSocket, abort: AbortSignal, create: () => Held): Promise<Held | null> {
  const stop = (): void => webSocket.close();
  abort.addEventListener('abort', stop);
  try {
    return await new Promise<Held | null>((resolve) => {
      webSocket.addEventListener('open', () => resolve(watch(webSocket, create())), { once: true });
      webSocket.addEventListener('close', () => resolve(null), { once: true });
    });
  } finally {
    abort.removeEventListener('abort', stop);
  }
}

function watch(webSocket: WebSocket, held: Held): Held {
  webSocket.addEventListener('message', () => held.sawMessages(1));
  webSocket.addEventListener('close', ({ code }) => held.sawEnd(CLEAN_CODES.has(code) ? 'clean' : 'cut', code));
  return held;
}

function whyNot({ status, error }: Answer): string {
  if (status === 101) return 'the app answered 101, but not as a WebSocket does';
  if (status !== null) return `the app answered ${`${status} ${STATUS_CODES[status] ?? ''}`.trim()}`;
  return error === null ? 'the app did not answer' : messageOf(error);
}

async function end(webSocket: WebSocket, socket: Duplex | null): Promise<void> {
  if (webSocket.readyState === WebSocket.CLOSED) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket?.destroy(), CLOSE_WAIT_MS);
    webSocket.addEventListener('close', () => (clearTimeout(timer), resolve()), { once: true });
    webSocket.close(1000);
  });
}

/** A WebSocket leaves a Host header of our own away; it is put back. */
function withHostOf(headers: HoldContext['headers']): Dispatcher.DispatcherComposeInterceptor {
  const host = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() === 'host'));
  return (dispatch) => (options, to) =>
    dispatch({ ...options, headers: { ...(options.headers as Record<string, string>), ...host } }, to);
}

/** Passes everything on, and notes what the app answered. A 401 would make a WebSocket ask again: that is refused. */
function noting(answer: Answer): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, to) => {
    if (answer.status !== null) throw new Error('nothing is sent twice');
    return dispatch(options, {
      onRequestStart: (...given) => to.onRequestStart?.(...given),
      onRequestUpgrade: (...given) => {
        [, answer.status, , answer.socket] = given;
        to.onRequestUpgrade?.(...given);
      },
      onResponseStart: (...given) => {
        [, answer.status] = given;
        to.onResponseStart?.(...given);
      },
      onResponseData: (...given) => to.onResponseData?.(...given),
      onResponseEnd: (...given) => to.onResponseEnd?.(...given),
      onResponseError: (...given) => {
        [, answer.error] = given;
        to.onResponseError?.(...given);
      },
    });
  };
}
