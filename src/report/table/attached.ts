import type { AttachedFacts } from '../../engines/engine.ts';
import type { RunRecord } from '../../result.ts';

/** Whose container it was that was stopped; nothing for one that was started for the run. */
export function whoseText({ observation: { target } }: RunRecord): readonly string[] {
  const { attached } = target;
  if (attached === null) return [];
  const { name, image, withoutLogBecause } = attached;
  return [
    `It ran before: the container ${name} of the image ${image}${starterText(attached)}.`,
    ...(withoutLogBecause === null ? [] : [`Its log could not be read: ${withoutLogBecause}.`]),
  ];
}

function starterText({ startedBy }: AttachedFacts): string {
  if (startedBy === null) return '';
  if (startedBy.kind === 'testcontainers') return ', started by testcontainers';
  return `, service ${startedBy.service} of the Compose project ${startedBy.project}`;
}

/** What is left of such a container. */
export function leftText({ observation: { target, exit } }: RunRecord): readonly string[] {
  const { attached } = target;
  if (attached === null) return [];
  if (attached.removedAtEnd) {
    return [
      "The engine removed it when it ended, since it was started with `--rm`: its exit code is what the engine's event told, and there is nothing left to inspect.",
    ];
  }
  if (exit.startedAgain) return ['It ended by itself, and its restart policy has started it again.'];
  return [`It is left stopped, as \`docker stop\` leaves it; \`docker start ${attached.name}\` brings it back.`];
}
