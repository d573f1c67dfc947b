import { release } from 'node:os';
import type { ContainerPlan, CommandSource, Plan } from '../../plan/plan.ts';
import type { Engine, PreparedImage, Target } from '../engine.ts';
import type { Way } from './chain.ts';
import { commandLine } from './command-line.ts';
import { launch } from './launch.ts';
import { targetOf } from './target.ts';

/** This machine's kernel as an engine. Its disposal waits for starts under way and ends every target still there. */
export function createNamespaceEngine(way: Way): Engine {
  const sources = new WeakMap<PreparedImage, CommandSource>();
  const targets = new Set<Promise<Target>>();
  return {
    info: { kind: 'namespace', version: release(), apiVersion: null },
    hasImage: () => Promise.resolve(false),
    prepareImage(source: Plan['image']): Promise<PreparedImage> {
      if (source.kind !== 'command') throw new Error('This engine starts commands, not images.');
      const prepared = standIn(source);
      sources.set(prepared, source);
      return Promise.resolve(prepared);
    },
    writerOf: () => Promise.resolve(null),
    createNetwork: () => Promise.reject(new Error('This engine starts commands, which nothing is started beside.')),
    start(image: PreparedImage, plan: ContainerPlan): Promise<Target> {
      const source = sources.get(image);
      if (source === undefined) throw new Error('This engine starts what it prepared.');
      const start = startCommand(way, source, plan);
      targets.add(start);
      return start;
    },
    attach: () => Promise.reject(new Error('This engine has no containers.')),
    async [Symbol.asyncDispose]() {
      const started = await Promise.allSettled(targets);
      await Promise.all(
        started.map(async (one) => one.status === 'fulfilled' && (await one.value[Symbol.asyncDispose]())),
      );
    },
  };
}

async function startCommand(way: Way, source: CommandSource, plan: ContainerPlan): Promise<Target> {
  const { command, directory } = source;
  const env = { ...process.env, ...plan.env };
  const words = commandLine(command, plan.init, env, directory);
  const launched = await launch({ way, command: words, directory, env });
  const startedAs = { stopSignal: plan.stopSignal ?? 'SIGTERM', entrypoint: null, command };
  return targetOf(launched, startedAs, { way, directory, env });
}

/** A command says nothing about itself. */
function standIn({ reference, command }: CommandSource): PreparedImage {
  return {
    reference,
    id: null,
    entrypoint: null,
    command,
    stopSignal: null,
    exposedPorts: [],
    hasHealthcheck: false,
    dockerfile: null,
  };
}
