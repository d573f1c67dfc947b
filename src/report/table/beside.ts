import type { TimedHold, TimedParked } from '../../observation.ts';
import type { RunRecord } from '../../result.ts';
import { type Look, heading } from '../look.ts';
import { paragraph, plural, time } from '../text.ts';

const PARK_MODES = { body: 'inside their bodies', headers: 'inside their headers' } as const;

/** What went on beside the steady load: connections that were held open, and requests that were parked. */
export function besideLines({ observation }: RunRecord, look: Look): readonly string[] {
  const { holds, parking } = observation;
  const facts = [
    ...holds.map(holdText),
    ...(parking.mode === null ? [] : [parkedText(parking.mode, parking.requests)]),
  ];
  if (facts.length === 0) return [];
  return [heading(look, 'Beside the load'), ...facts.map((fact) => paragraph(fact, look.width, '  '))];
}

function holdText(hold: TimedHold): string {
  const what = hold.kind === 'sse' ? `Event stream ${hold.path}` : `WebSocket ${hold.path}`;
  const got = plural(hold.messages, hold.kind === 'sse' ? 'event' : 'message');
  return `${what}: ${endText(hold)}; ${got} came.`;
}

function endText({ ending, endedAtMs, closeCode, verifiable }: TimedHold): string {
  if (ending === 'open' || endedAtMs === null) return 'never ended while it was watched';
  const code = closeCode === null || ending === 'cut' ? '' : ` with close code ${closeCode}`;
  const unsure = verifiable ? '' : ', as far as a stream without chunks can tell';
  return `${ending === 'clean' ? `ended cleanly${code}` : 'cut off'} at ${time(endedAtMs)}${unsure}`;
}

function parkedText(mode: keyof typeof PARK_MODES, requests: readonly TimedParked[]): string {
  const ends = { answered: 0, cut: 0, closedUnfinished: 0, refused: 0, open: 0 };
  for (const { ending } of requests) ends[ending]++;
  const wholeAtMs = requests.find((request) => request.wholeAtMs !== null)?.wholeAtMs ?? null;
  const parts = [
    ends.answered > 0 ? `${ends.answered} answered` : '',
    ends.cut > 0 ? `${ends.cut} cut off although they were whole` : '',
    ends.closedUnfinished > 0 ? `${ends.closedUnfinished} turned away unfinished` : '',
    ends.refused > 0 ? `${ends.refused} refused` : '',
    ends.open > 0 ? `${ends.open} never ended while watched` : '',
  ];
  const finished = wholeAtMs === null ? '' : `, finished at ${time(wholeAtMs)}`;
  return `${plural(requests.length, 'request')} parked ${PARK_MODES[mode]}${finished}: ${parts.filter(Boolean).join(', ')}.`;
}
