/**
 * A program of its own, so that it can run as another user, or be killed: `node namespace-program.ts ORDERS`, a JSON list.
 * Starts all the commands in namespaces of their own, stops each once it has put out a line, and prints a JSON list of what
 * was seen. One that is to be held is never stopped: it prints its processes and goes on.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { connectNamespace } from '../../src/engines/namespace/connect.ts';
import type { CommandEnd, Engine, EngineEvent, LogLine, ProcessFacts, TargetState } from '../../src/engines/engine.ts';
import { messageOf } from '../../src/errors.ts';
import type { ContainerPlan } from '../../src/plan/plan.ts';
import { PLAIN } from '../plain-container.ts';

export interface Order {
  readonly command: readonly string[];
  readonly graceMs?: number;
  readonly plan?: Partial<ContainerPlan>;
  readonly hold?: true;
  /** Commands that are run beside it, to their ends, before it is stopped. */
  readonly beside?: readonly (readonly string[])[];
  /** One that is started beside it then, and is still there when it is stopped. */
  readonly outliving?: readonly string[];
  /** How often its ports are read before it is stopped. */
  readonly portReadings?: number;
}

export interface Seen {
  readonly before: readonly ProcessFacts[];
  /** A little after the stop began. */
  readonly after: readonly ProcessFacts[];
  readonly events: readonly EngineEvent[];
  readonly state: TargetState;
  readonly lines: readonly LogLine[];
  readonly stopTookMs: number;
  readonly ports: readonly (readonly number[] | null)[];
  readonly besideEnds: readonly CommandEnd[];
  /** null where there was none. */
  readonly outlivingEnd: CommandEnd | null;
}

const LOOK_AFTER_MS = 100;
const NEVER = new AbortController().signal;

async function see(engine: Engine, order: Order): Promise<Seen> {
  const { command, graceMs = 5_000, plan, hold, beside = [], outliving, portReadings = 0 } = order;
  const source = { kind: 'command', reference: command.join(' '), command, directory: '/' } as const;
  const image = await engine.prepareImage(source, () => {}, new AbortController().signal);
  await using target = await engine.start(image, { ...PLAIN, ...plan }, []);
  const [events, lines]: [EngineEvent[], LogLine[]] = [[], []];
  const told = Promise.withResolvers<void>();
  using _watch = await target.watch((event) => {
    events.push(event);
    if (event.action === 'die') told.resolve();
  });
  const logs = target.followLogs((line) => {
    lines.push(line);
    told.resolve();
  });
  await told.promise;
  const look = async (): Promise<readonly ProcessFacts[]> => (await target.processes())?.processes ?? [];
  const before = await look();
  if (hold) {
    console.log(JSON.stringify(before));
    await new Promise(() => setInterval(() => {}, 1_000));
  }
  const ports: (readonly number[] | null)[] = [];
  while (ports.length < portReadings) ports.push(await target.listeningPorts());
  const besideEnds = await Promise.all(beside.map((words) => target.exec(words, NEVER)));
  const outlived = outliving === undefined ? null : target.exec(outliving, NEVER);
  const from = performance.now();
  const stopped = target.stop(graceMs).then(() => performance.now() - from);
  const after = await delay(LOOK_AFTER_MS).then(look);
  const stopTookMs = await stopped;
  await logs.ended;
  const outlivingEnd = await outlived;
  return { besideEnds, outlivingEnd, before, after, events, state: await target.state(), lines, stopTookMs, ports };
}

try {
  await using engine = await connectNamespace();
  const orders = JSON.parse(process.argv[2] ?? '[]') as readonly Order[];
  console.log(JSON.stringify(await Promise.all(orders.map((order) => see(engine, order)))));
} catch (error) {
  const { nextStep, detail } = error as { readonly nextStep?: unknown; readonly detail?: unknown };
  console.log(JSON.stringify({ message: messageOf(error), nextStep, detail }));
  process.exitCode = 2;
}
