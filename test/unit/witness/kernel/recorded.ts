import { readFileSync } from 'node:fs';

import type { KernelEvent, KernelTrace } from '../../../../src/observation.ts';
import { Following } from '../../../../src/witness/kernel/follow.ts';
import type { LivingProcess } from '../../../../src/witness/kernel/living.ts';
import { parseLine } from '../../../../src/witness/kernel/parse.ts';

/**
 * Stops as a 6.18 kernel recorded them, with the processes that lived before (`# process PID NAME TIDS`): what an instance's
 * trace_pipe gave, without all but a few lines of what the rest of the machine did.
 */
export type Recording =
  'shell-form' | 'exec-form' | 'init-shell' | 'no-handler' | 'init-no-handler' | 'trap-wait' | 'workers';

/** The trace of a recording. T0 is 10 ms before the stop signal is sent to PID 1. */
export function recorded(name: Recording): KernelTrace & { readonly kind: 'traced' } {
  const lines = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8').split('\n');
  const living = lines.flatMap((line): LivingProcess[] => {
    const [, pid, called = '', tids = ''] = /^# process (\d+) (\S+) (.*)/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), name: called, tids: tids.trim().split(' ').map(Number) }];
  });
  const pid1 = Number(/^# pid1 (\d+)/.exec(lines[0] ?? '')?.[1]);
  const following = new Following(living);
  for (const record of lines.map(parseLine)) if (record) following.take(record);
  const events = following.events();
  const first = events.find((event) => event.kind === 'signal' && event.receiver.pid === pid1);
  const t0Us = (first?.monoUs ?? 0) - 10_000;
  return {
    kind: 'traced',
    pid1,
    events: events.map(({ monoUs, ...what }): KernelEvent => ({ ...what, atMs: (monoUs - t0Us) / 1000 })),
    lost: 0,
  };
}

/** An event in a line: `SIGTERM runc>sh ignored`, `node takes SIGTERM default`, `sh exits`. */
export function inShort(event: KernelEvent): string {
  switch (event.kind) {
    case 'signal': {
      const by = event.code === 128 ? `kernel(${event.sender.name})` : event.sender.name;
      return `${event.signal} ${by}>${event.receiver.name} ${event.result}`;
    }
    case 'taken':
      return `${event.process.name} takes ${event.signal} ${event.by}`;
    case 'fork':
      return `${event.process.name} forked`;
    case 'exec':
      return `${event.process.name} runs ${event.command}`;
    case 'exit':
      return `${event.process.name} exits`;
  }
}
