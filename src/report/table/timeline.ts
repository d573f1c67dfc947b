import type { RunRecord } from '../../result.ts';
import { listenerClosedBetween } from '../../diagnosis/sockets.ts';
import { listenerClosedAtMs } from '../../termination/listener-close.ts';
import { drawingLines, endOf, JOB_LABELS, type Mark, MATCH, REQUEST_LABELS } from './drawing.ts';
import { logMatches } from './logs.ts';
import { type Look, heading } from '../look.ts';
import { time } from '../text.ts';
import { signalsOf } from '../totals.ts';

/** How the drain went: a row of blocks for each kind of ending, over time, and marks for what happened. */
export function timelineLines(run: RunRecord, look: Look): readonly string[] {
  const { timeline } = run;
  const drawing = drawingLines(timeline, run.jobs ? JOB_LABELS : REQUEST_LABELS, marksOf(run), look);
  if (drawing.length === 0) return [];
  const title = `${heading(look, 'Drain')}  from ${time(timeline.fromMs)} to ${time(endOf(timeline))}; 0 is ${run.plan.profile === 'docker' ? 'the call of the stop' : 'when the stop begins'}`;
  return [title, ...drawing];
}

/** What happened, to be marked in a drawing; oldest first. */
export function marksOf(run: RunRecord): readonly Mark[] {
  const { termination, target, observation, timeline } = run;
  const signals = signalsOf(run).map(({ signal, atMs }) => ({
    letter: signal === 'SIGKILL' ? 'K' : 'S',
    atMs,
    text: signal,
  }));
  const marks: readonly { letter: string; atMs: number | null; text: string }[] = [
    ...(signals.length > 0 || run.plan.profile === 'kubernetes'
      ? signals
      : [{ letter: 'S', atMs: 0, text: target.stopSignal }]),
    { letter: 'R', atMs: observation.becameReadyAtMs ?? null, text: 'ready' },
    { letter: 'N', atMs: lagEndMs(run), text: 'no new connections' },
    { letter: 'P', atMs: preStopEndMs(run), text: 'preStop ends' },
    { letter: 'L', atMs: closedByMs(run), text: 'listener closed' },
    { letter: 'X', atMs: termination.exitedAtMs, text: 'exit' },
    ...logMatches(observation)
      .shown.filter(({ atMs }) => atMs >= timeline.fromMs)
      .map(({ atMs }) => ({ letter: MATCH, atMs, text: 'log match' })),
  ];
  return marks.filter((mark): mark is Mark => mark.atMs !== null).toSorted((a, b) => a.atMs - b.atMs);
}

/** By when the listener was closed: the first refusal, or where its socket was seen to be gone before that. */
function closedByMs({ termination, observation }: RunRecord): number | null {
  const refusedAtMs = listenerClosedAtMs(termination);
  return refusedAtMs && Math.min(refusedAtMs, listenerClosedBetween(observation)?.byMs ?? Infinity);
}

/** Where the target lived to see it. */
function preStopEndMs({ termination: { preStop } }: RunRecord): number | null {
  return preStop === null || preStop.end === 'overtaken' ? null : preStop.endedAtMs;
}

/** When the routing of new connections ended, where the target lived to see it. */
function lagEndMs({ plan, termination }: RunRecord): number | null {
  const { profile, routingLagMs, load } = plan.resolved;
  const hasEndpoint = profile === 'kubernetes' && load.kind === 'requests';
  return hasEndpoint && routingLagMs < (termination.exitedAtMs ?? 0) ? routingLagMs : null;
}
