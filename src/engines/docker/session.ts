import { randomUUID } from 'node:crypto';
import { thisProcess } from '../../owner.ts';
import type { DockerConnection } from './connection.ts';
import { OWNER_LABEL, ownerLabel, RUN_LABEL } from './owner-label.ts';
import { startWatcher, type Watcher } from './start-watcher.ts';
import { removeRun } from './sweep.ts';

/** What one connection to an engine has made and must take away again. */
export interface Session extends AsyncDisposable {
  /** Labels for whatever is made. Asking for them starts the watcher, before there is anything to watch. */
  labels(): Readonly<Record<string, string>>;
  /** Lets the watcher end a child of ours should we be killed; until its disposal, when the child has ended. */
  guardChild(pid: number): Disposable;
}

/** Opens a session. Its disposal removes every container and network with its labels and dismisses the watcher. */
export function openSession({ dockerode, address }: DockerConnection): Session {
  const runId = randomUUID();
  const owner = ownerLabel(thisProcess());
  let watcher: Watcher | null = null;
  const watch = (): Watcher => (watcher ??= startWatcher(address, runId));
  return {
    guardChild: (pid) => {
      watch().tell(`child ${pid}`);
      return { [Symbol.dispose]: () => watcher?.tell(`ended ${pid}`) };
    },
    labels: () => {
      watch();
      return { [RUN_LABEL]: runId, [OWNER_LABEL]: owner };
    },
    async [Symbol.asyncDispose]() {
      if (watcher === null) return;
      await removeRun(dockerode, runId);
      // Only now: where the removal failed, the watcher tries again when this process ends.
      await watcher.done();
      watcher = null;
    },
  };
}
