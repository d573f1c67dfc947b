import type { RunRecord } from '../result.ts';
import { whole } from './text.ts';

/** What there is to say under the table of the requests: who had read the lost, and that what is turned away costs nobody anything. */
export function remarksOn({ requests, findings }: RunRecord): readonly string[] {
  const isHeld = findings.some(({ code }) => code === 'REFUSED_WHILE_ROUTED');
  return [
    ...(requests.lost === 0 ? [] : [`Of the lost: ${readText(requests)}.`]),
    ...(requests.refused === 0 || isHeld
      ? []
      : ['The refused count for nothing: who stops may turn new connections away.']),
  ];
}

function readText({ lostRead, lostUnread, lostUnknown }: RunRecord['requests']): string {
  const unknown = lostUnknown === 0 ? [] : [`${whole(lostUnknown)} that nobody can tell`];
  return [`${whole(lostRead)} the app had read`, `${whole(lostUnread)} it never read`, ...unknown].join(', ');
}
