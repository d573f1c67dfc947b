import { stopperOf } from '../../plan/terms.ts';
import type { JobsRecord, RunRecord } from '../../result.ts';
import { type Look, heading } from '../look.ts';
import { paragraph, period, plural, time, whole } from '../text.ts';
import { overLimits } from '../totals.ts';

/** The sentence under the verdict of a run without a load, and what the figures rest on. */
interface Unloaded {
  readonly passed: string;
  readonly failed: string;
  readonly measured: readonly string[];
}

/** What is told of a run that sent no load, a worker's or one that was stopped in its start; null where there was one. */
export function unloadedOf(run: RunRecord): Unloaded | null {
  const { when, load } = run.plan.resolved;
  if (typeof when === 'number') return startUp(run);
  if (load.kind === 'none') return worker(run);
  return null;
}

function worker(run: RunRecord): Unloaded {
  const { jobs, plan } = run;
  const patterns = plan.resolved.jobs;
  const lost = jobs?.lost ?? 0;
  const kept = jobs ? 'No job was lost' : 'No jobs were watched';
  const cost = jobs && lost > 0 ? `The stop cost ${plural(lost, 'job')} of ${whole(jobs.started)} started` : kept;
  return {
    passed: `${jobs ? finishedText(jobs) : kept}, and it exited with ${exitText(run)}.`,
    failed: `${cost}${forced(run, lost > 0)}`,
    measured: [
      `Nothing was sent to it. ${patterns ? `A job begins with a line of its log that matches /${patterns.start}/, and ends with one that matches /${patterns.end}/.` : 'No jobs were watched for.'}`,
    ],
  };
}

function finishedText({ started, underWayAtSignal }: JobsRecord): string {
  if (started === 1) return `The one job${underWayAtSignal === 1 ? ', under way at the signal,' : ''} was finished`;
  const those = underWayAtSignal === 1 ? 'the one that was' : `the ${whole(underWayAtSignal)} that were`;
  const among = underWayAtSignal === 0 ? '' : `, among them ${those} under way at the signal`;
  return `All ${whole(started)} jobs were finished${among}`;
}

function startUp(run: RunRecord): Unloaded {
  const { jobs, target, observation, plan } = run;
  const stopped = `Stopped ${time(observation.t0Us / 1000)} after its start`;
  const lost = jobs !== null && jobs.lost > 0;
  const { becameReadyAtMs } = observation;
  const asked =
    target.address === null
      ? 'Nothing was sent to it, so nobody knows when it was ready.'
      : `${plan.resolved.readyPath} on ${target.address} was asked all the while: ${becameReadyAtMs === null ? 'it never answered' : `ready at ${time(becameReadyAtMs)}`}.`;
  return {
    passed: `${stopped},${target.address === null ? '' : ' before it was ready,'} it exited with ${exitText(run)}.`,
    failed: lost
      ? `${stopped}, it lost ${plural(jobs.lost, 'job')}${forced(run, true)}`
      : `${stopped}, nothing was lost${forced(run, false)}`,
    measured: [`${stopped}; no load.`, asked],
  };
}

function exitText({ termination: { exitCode, exitedAtMs } }: RunRecord): string {
  return `code ${exitCode ?? 'unknown'}${exitedAtMs === null ? '' : ` after ${time(exitedAtMs)}`}`;
}

/** How it ended, after what it cost. */
function forced(run: RunRecord, isMore: boolean): string {
  const { termination, plan, findings } = run;
  if (termination.sigkillFired === true)
    return `, ${isMore ? 'and' : 'but'} ${stopperOf(plan.resolved)} had to SIGKILL it after the grace period of ${period(plan.graceMs)}.`;
  const exit = `exit code ${termination.exitCode ?? 'unknown'}`;
  const isBad = findings.some(({ code }) => code === 'UNEXPECTED_EXIT_CODE');
  if (isBad && !isMore) return `, but ${exit} is not an accepted one.`;
  const over = overLimits(run);
  return over === null || isMore ? `, without any SIGKILL; ${exit}.` : `, but ${over}; ${exit}.`;
}

/** What became of a worker's jobs. */
export function jobLines({ jobs }: RunRecord, look: Look): readonly string[] {
  if (!jobs) return [];
  const text = `${whole(jobs.started)} started, ${whole(jobs.finished)} finished, ${whole(jobs.lost)} never finished; at least ${whole(jobs.underWayAtSignal)} under way at the signal.`;
  return [heading(look, 'Jobs'), paragraph(text, look.width, '  ')];
}
