import type { RunRecord } from '../../../result.ts';
import { tellStory } from '../../../diagnosis/story.ts';
import { besideLines } from '../../table/beside.ts';
import { catches, endingLines, missingText, treeOf } from '../../table/ending.ts';
import { cutAtEnd } from '../../table/kernel.ts';
import { surenessOf } from '../../sureness.ts';
import { measuredLines } from '../../table/measured.ts';
import { plural, time } from '../../text.ts';
import { type Markup, markup, NOTHING, prose } from '../markup.ts';
import { NONE, number, type Place, section, SENTENCES, sentencesOf, table } from '../parts.ts';

/** A target that signals itself without end is told of only so far. */
const MOST_LINES = 50;

/** Which signals came, how it ended, and what its processes made of it. */
export function endingSection(run: RunRecord, place: Place): Markup {
  const missing = missingText(run);
  return section(
    place,
    'ending',
    'Signals, processes and exit',
    sentencesOf(endingLines(run, SENTENCES)),
    processTable(run),
    missing === null ? NOTHING : markup`<p>${missing}</p>`,
  );
}

function processTable(run: RunRecord): Markup {
  const hasGone = run.processes.some(({ goneByMs }) => goneByMs !== null);
  const rows = treeOf(run.processes).map(({ process, depth }) => [
    markup`<code>${'\u00a0\u00a0'.repeat(depth)}${process.command}</code>`,
    `${process.pid}${process.isPid1 ? ' (PID 1)' : ''}`,
    catches(process, run),
    ...(hasGone ? [process.goneByMs === null ? NONE : time(process.goneByMs)] : []),
  ]);
  return table(
    'Processes at the signal, each under its parent',
    ['command', number('process'), `catches ${run.target.stopSignal}`, ...(hasGone ? [number('gone by')] : [])],
    rows,
  );
}

/** The kernel's own story of the stop; where it was not asked, the section on measuring says why. */
export function kernelSection({ observation, findings }: RunRecord, place: Place): Markup {
  const story = tellStory(observation, cutAtEnd(findings));
  if (story.length === 0) return NOTHING;
  const lines = story.slice(0, MOST_LINES).map(({ atMs, text }) => markup`<li>${moment(atMs)} ${prose(text)}</li>\n`);
  const more = story.length > MOST_LINES ? markup`<p>And ${story.length - MOST_LINES} more.</p>` : NOTHING;
  const { kernel } = observation;
  const lost =
    kernel.kind === 'traced' && kernel.lost > 0
      ? markup`<p>${plural(kernel.lost, 'event')} more came faster than this program read them, and are missing here.</p>`
      : NOTHING;
  return section(place, 'kernel', 'What the kernel saw', markup`<ol class="story">\n${lines}</ol>`, more, lost);
}

/** A time that stands before what happened then. */
export function moment(atMs: number): Markup {
  return markup`<span class="at">${time(atMs)}</span>`;
}

/** What went on beside the load: held connections, and parked requests. */
export function besideSection(run: RunRecord, place: Place): Markup {
  const lines = besideLines(run, SENTENCES);
  return lines.length === 0 ? NOTHING : section(place, 'beside', 'Beside the load', sentencesOf(lines));
}

/** What the figures rest on, and so how sure they are. */
export function measuredSection(run: RunRecord, place: Place): Markup {
  return section(
    place,
    'measured',
    'How it was measured, and how sure it is',
    markup`<p>${surenessOf(run).join(' ')}</p>`,
    sentencesOf(measuredLines(run, SENTENCES)),
  );
}
