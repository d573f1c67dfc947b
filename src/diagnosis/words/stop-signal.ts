import type { TargetNoun } from '../../plan/terms.ts';
import type { StoppedWrongly, Unhandled } from '../stopped-wrongly.ts';
import { tick, type Words } from './phrases.ts';

/** Of programs that drop their work on the signal that they got. */
export function stoppedWrongly(a: StoppedWrongly): Words {
  return {
    message: `${a.isSupervised ? `The supervisor stops its programs with a signal of its own choice${a.isSeen ? '' : ', SIGTERM where its configuration names none'}. ` : ''}${a.programs.map(({ software, signal, drainsOn }) => `${software} drops what is in flight on ${signal}; it drains on ${drainsOn}.`).join(' ')}`,
    advice: [
      ...a.programs.map(({ software, drainsOn }) =>
        a.isSupervised
          ? `Add \`stopsignal=${drainsOn.slice('SIG'.length)}\` to the section of ${software} in the supervisor's configuration.`
          : `${sendIt(drainsOn, a.target)} \`${a.isAttached ? 'docker run ' : ''}--stop-signal ${drainsOn}\` tries it${a.isAttached ? '' : ' here'}.`,
      ),
      ...a.programs.flatMap(({ also }) => also ?? []),
      ...(a.programs.length > 1
        ? ['The program with the highest `priority` is stopped first: let that be the one that takes the requests.']
        : []),
    ].join(' '),
  };
}

/** Where the signal is named: a command is stopped by whoever started it. */
function sendIt(signal: string, target: TargetNoun): string {
  if (target === 'container') return `Add ${tick(`STOPSIGNAL ${signal}`)} to the Dockerfile.`;
  return `Stop it with ${signal}: ${tick(`STOPSIGNAL ${signal}`)} in a Dockerfile, ${tick(`KillSignal=${signal}`)} in a systemd unit.`;
}

/** Of a stop signal that leaves no program a choice. */
export function noHandlerPossible({ unhandled, known }: Unhandled): Words {
  const advice =
    known && known.drainsOn !== 'SIGTERM'
      ? `Name the signal on which ${known.software} drains: \`STOPSIGNAL ${known.drainsOn}\`.${known.also ? ` ${known.also}` : ''}`
      : 'Take the STOPSIGNAL line out of the Dockerfile, so that the stop is SIGTERM, or name the signal that the app drains on.';
  return {
    message: `The stop signal is ${unhandled}, and no program can handle that: the kernel acts on it by itself, so nothing can drain.`,
    advice,
  };
}
