import type Dockerode from 'dockerode';
import type { EngineEvent } from '../engine.ts';
import { engineSentence, statusOf } from './engine-error.ts';

type OnEvent = (event: EngineEvent) => void;

/** The signals that this program sends to a container. */
export interface SentSignals {
  /** Resolves when it has been sent, or nothing runs to get it. */
  send(name: string): Promise<void>;
  /** Podman's events say that there was a signal, and not which: from now on they are taken for those of ours, in order. */
  naming(onEvent: OnEvent): OnEvent;
}

export function signalsTo(container: Dockerode.Container): SentSignals {
  const sent: string[] = [];
  return {
    send(name) {
      sent.push(name);
      return send(container, name);
    },
    naming(onEvent) {
      let next = sent.length;
      return (event) => {
        const isUnnamed = event.action === 'kill' && event.signal === null;
        onEvent(isUnnamed ? { ...event, signal: sent[next++] ?? null } : event);
      };
    },
  };
}

/** Where the container does not run (any more) Docker answers 409, Podman 500, and both 404 where it is gone. */
async function send(container: Dockerode.Container, name: string): Promise<void> {
  try {
    await container.kill({ signal: name });
  } catch (error) {
    const isRunning = await container.inspect().then(
      ({ State }) => State.Running,
      (cause: unknown) => statusOf(cause) !== 404,
    );
    if (isRunning) throw new Error(engineSentence(error), { cause: error });
  }
}
