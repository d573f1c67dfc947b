import { tellStory } from '../../diagnosis/story.ts';
import type { RunRecord } from '../../result.ts';
import { type Look, heading } from '../look.ts';
import { paragraph, plural, time } from '../text.ts';

/** Columns for a time, as in the log's lines. */
const TIME = 10;
/** A target that signals itself without end is told of only so far. */
const MAX_LINES = 20;

/** The kernel's own story of the stop; nothing where it was not asked. */
export function kernelLines({ observation, findings }: RunRecord, look: Look): readonly string[] {
  const story = tellStory(observation, cutAtEnd(findings));
  if (story.length === 0) return [];
  const told = story.slice(0, MAX_LINES).map(({ atMs, text }) => at(time(atMs), text, look));
  const more = story.length > MAX_LINES ? [at('', `And ${story.length - MAX_LINES} more.`, look)] : [];
  return [heading(look, 'Kernel'), ...told, ...more, ...lostLine(observation, look)];
}

function at(when: string, text: string, look: Look): string {
  return paragraph(text, look.width, `${when.padStart(TIME)}  `);
}

function lostLine({ kernel }: RunRecord['observation'], look: Look): readonly string[] {
  if (kernel.kind === 'untraced' || kernel.lost === 0) return [];
  const events = plural(kernel.lost, 'event');
  return [paragraph(`${events} more came faster than this program read them, and are missing here.`, look.width, '  ')];
}

/** Requests that were cut off when the target ended. */
export function cutAtEnd(findings: RunRecord['findings']): number {
  const args = findings.find(({ code }) => code === 'IN_FLIGHT_LOST')?.args;
  return Number(args?.['lost'] ?? 0) + Number(args?.['truncated'] ?? 0);
}
