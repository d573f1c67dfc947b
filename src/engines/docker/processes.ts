import type Dockerode from 'dockerode';
import { messageOf } from '../../errors.ts';
import type { ProcessFacts, ProcessReading, ProcessSource } from '../engine.ts';
import { walkProc } from './proc-walk.ts';
import { type HelperOrder, type ProcessHelper, startProcessHelper } from './process-helper.ts';
import { top, WITH_MASKS, WITHOUT_MASKS } from './top.ts';

/** Reads a container's processes. Its disposal removes what it had to start for that. */
export interface ProcessReader extends AsyncDisposable {
  /** Never throws; null where they cannot be read, or the container is not running. */
  read(): Promise<ProcessReading | null>;
}

type Way = () => Promise<ProcessReading | null>;

/** Reads them in the first way that works, of those there are in the order of what they cost. */
export function processReader(
  dockerode: Dockerode,
  container: Dockerode.Container,
  started: Dockerode.ContainerInspectInfo,
  order: HelperOrder,
): ProcessReader {
  const pid1 = started.State.Pid;
  const beside = helperBeside(dockerode, container, order);
  const read = firstThatWorks([
    async () => withMasks('engine', await top(container, WITH_MASKS, pid1)),
    async () => withMasks('proc', await walkProc(started)),
    async () => withMasks('helper', await beside.read()),
    async () => withoutMasks(await top(container, WITHOUT_MASKS, pid1), beside.failure()),
  ]);
  return { read, [Symbol.asyncDispose]: beside[Symbol.asyncDispose] };
}

/** Stays with the way that worked once, whatever comes of it later: the next one would number the processes otherwise. */
export function firstThatWorks(ways: readonly Way[]): Way {
  let chosen: Way | null = null;
  const choose: Way = async () => {
    for (const way of ways) {
      const reading = await way();
      if (reading === null) continue;
      chosen = way;
      return reading;
    }
    return null;
  };
  return () => (chosen ?? choose)();
}

function withMasks(by: ProcessSource, processes: readonly ProcessFacts[] | null): ProcessReading | null {
  return processes?.some(({ masks }) => masks !== null) ? { by, processes } : null;
}

function withoutMasks(processes: readonly ProcessFacts[] | null, failure: string | null): ProcessReading | null {
  const because = "the engine's `ps` shows none, and its processes are not among this machine's";
  const besides = failure === null ? '' : `; a container beside it did not start: ${failure}`;
  return processes && { by: 'engine', processes, withoutMasksBecause: `${because}${besides}` };
}

interface Beside extends AsyncDisposable {
  read(): Promise<readonly ProcessFacts[] | null>;
  /** Why there is no helper; null where there is one, or none was asked for. */
  failure(): string | null;
}

/** A helper that is started when it is first asked, once. */
function helperBeside(dockerode: Dockerode, container: Dockerode.Container, order: HelperOrder): Beside {
  let helper: Promise<ProcessHelper | null> | null = null;
  let failure: string | null = null;
  const start = async (): Promise<ProcessHelper | null> => {
    const isRunning = await container.inspect().then(
      ({ State }) => State.Running,
      () => false,
    );
    if (!isRunning) return null;
    return await startProcessHelper(dockerode, container.id, order).catch((error: unknown) => {
      failure = messageOf(error);
      return null;
    });
  };
  return {
    read: async () => (await (helper ??= start()))?.read() ?? null,
    failure: () => failure,
    [Symbol.asyncDispose]: async () => {
      await (await helper)?.[Symbol.asyncDispose]();
    },
  };
}
