import { type DoctorLine, fine, untold } from '../line.ts';
import type { KernelFacts, Machine, ProcessFacts } from '../machine.ts';
import { silence } from './phrases.ts';

export function processesLine({ processes }: Machine): DoctorLine {
  if (processes === null) return untold('processes', 'Not asked: there is no engine. Commands are read from /proc.');
  switch (processes.kind) {
    case 'unanswered':
      return untold('processes', silence(processes));
    case 'elsewhere':
      return untold(
        'processes',
        "Told when a container runs: by the `ps` of the engine's machine, or by a container beside the target.",
      );
    case 'here':
      return here(processes);
    case 'asked':
      return asked(processes);
  }
}

function here({ ps, masks }: ProcessFacts & { kind: 'here' }): DoctorLine {
  if (masks) return fine('processes', `The engine's \`ps\` shows signal masks (${ps ?? 'unknown'}).`);
  const because = ps === null ? 'there is no `ps`' : `its \`ps\` (${ps}) does not show them`;
  return fine('processes', `Signal masks are read from this machine's /proc: ${because}.`);
}

function asked({ container, masks, isHere }: ProcessFacts & { kind: 'asked' }): DoctorLine {
  if (masks) return fine('processes', `The engine's \`ps\` shows signal masks (asked about ${container}).`);
  if (isHere)
    return fine('processes', "Signal masks are read from this machine's /proc; the engine's `ps` shows none.");
  return {
    name: 'processes',
    state: 'limited',
    found: `The engine's \`ps\` shows no signal masks (asked about ${container}).`,
    costs: [
      "A container of the target's image reads them beside it, where that has a shell. Where it has none, whether the app",
      "handles the signal is not seen, and causes rest on the process tree and the kernel's record.",
    ].join(' '),
    remedy: "Install procps on the engine's machine: `apt-get install procps`, `apk add procps`.",
  };
}

export function kernelLine({ kernel, engine }: Machine): DoctorLine {
  if (kernel.kind === 'cannot') return untraceable(kernel);
  const found = `Signals and processes are recorded through ${kernel.tracefs}.`;
  if (engine.kind === 'none' || engine.isHere) return fine('kernel', found);
  return {
    name: 'kernel',
    state: 'limited',
    found: `${found} Of commands only: the engine's containers are not among this machine's processes.`,
    costs: UNTRACED,
    remedy: "Run this program on the engine's own machine.",
  };
}

const UNTRACED =
  "Causes are told from the processes' signal masks and from times: who sent a signal, and what became of it, is inferred.";

function untraceable({ because, nextStep }: KernelFacts & { kind: 'cannot' }): DoctorLine {
  return {
    name: 'kernel',
    state: 'limited',
    found: `The kernel is not asked: ${because}.`,
    costs: UNTRACED,
    remedy: nextStep,
  };
}
