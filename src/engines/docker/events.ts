import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Dockerode from 'dockerode';
import { signalName } from '../../signals.ts';
import type { EngineEvent } from '../engine.ts';
import type { DockerConnection } from './connection.ts';
import { splitLines } from '../lines.ts';

const ACTIONS = ['kill', 'die', 'stop', 'oom'] as const;
/** How long to wait for proof that events flow, and how often to ask for it. */
const PROOF_MS = 400;
const PROOF_TRIES = 3;

/** An event of the Engine API. From API 1.52 on `status`, `id` and `from` are gone: these two have always been there. */
interface RawEvent {
  readonly Action?: string;
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> };
}

/** Calls `onEvent` for each event of the container from now on. Resolves when the engine provably sends them. */
export async function watchEvents(
  { dockerode, kind }: DockerConnection,
  container: Dockerode.Container,
  onEvent: (event: EngineEvent) => void,
): Promise<Disposable> {
  // `top` is there for the proof alone. Podman sends nothing at all when it is asked for events by these names.
  const event = kind === 'docker' ? { event: [...ACTIONS, 'top'] } : {};
  const filters = JSON.stringify({ container: [container.id], type: ['container'], ...event });
  const stream = (await dockerode.getEvents({ filters })) as Readable;
  const flowing = Promise.withResolvers<true>();
  const lines = splitLines((line) => {
    const raw = parse(line);
    flowing.resolve(true);
    const event = raw === null ? null : eventOf(raw);
    if (event !== null) onEvent(event);
  });
  stream.on('data', (bytes: Buffer) => lines.write(bytes));
  // When the engine goes away, the stop and the inspection say so.
  stream.on('error', () => {});
  if (kind === 'docker') await prove(container, flowing.promise);
  return { [Symbol.dispose]: () => void stream.destroy() };
}

/**
 * Provokes a harmless event until one arrives. Docker answers a subscription before it has subscribed (daemon,
 * getEvents: the header is flushed first), so the answer alone proves nothing. Podman has no event for `top`.
 */
async function prove(container: Dockerode.Container, flowing: Promise<true>): Promise<void> {
  for (let tries = 0; tries < PROOF_TRIES; tries += 1) {
    const isRunning = await container.top().then(
      () => true,
      () => false,
    );
    if (!isRunning || (await Promise.race([flowing, sleep(PROOF_MS, false)]))) return;
  }
}

function parse(line: string): RawEvent | null {
  try {
    return JSON.parse(line) as RawEvent;
  } catch {
    return null;
  }
}

function eventOf({ Action, Actor }: RawEvent): EngineEvent | null {
  const action = ACTIONS.find((known) => known === Action);
  if (action === undefined) return null;
  const { signal, exitCode } = Actor?.Attributes ?? {};
  return {
    action,
    signal: action === 'kill' && signal ? (signalName(signal) ?? signal) : null,
    exitCode: action === 'die' && exitCode ? Number(exitCode) : null,
  };
}
