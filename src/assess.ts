import { findCause } from './diagnosis/causes.ts';
import { findConsequences } from './diagnosis/consequences.ts';
import { gatherEvidence } from './diagnosis/evidence.ts';
import { recordProcesses } from './diagnosis/processes.ts';
import { countJobs, drawJobs, judgeJobs } from './jobs.ts';
import { classify } from './load/classify.ts';
import { listenerClose } from './load/listener.ts';
import { sharpen } from './load/first-effect.ts';
import type { Ledger } from './load/ledger.ts';
import type { Observation } from './observation.ts';
import { countRequests, drainMs, drawTimeline } from './requests.ts';
import type { RunRecord } from './result.ts';
import { recordTermination } from './termination/record.ts';
import { decide } from './verdict.ts';

/** What is made of an observation: everything in a run's record that is not the observation itself. */
export type Assessment = Pick<
  RunRecord,
  'verdict' | 'termination' | 'requests' | 'jobs' | 'processes' | 'findings' | 'timeline'
>;

/** Judges a run. Pure: a saved observation and its ledger give the same assessment again. */
export function assess(observed: Observation, ledger: Ledger): Assessment {
  const observation = sharpen(observed, ledger);
  const close = listenerClose(ledger, observation.t0Us);
  const judged = classify(ledger, observation, close);
  const requests = countRequests(judged, observation);
  const termination = recordTermination(observation, close, drainMs(judged, observation));
  const jobs = judgeJobs(observation);
  const grounds = decide(observation, judged, jobs, termination, requests);
  const evidence = gatherEvidence(observation, ledger, judged, termination, grounds, close);
  const endedAtMs = termination.exitedAtMs ?? observation.stopReturnedAtMs;
  const cause = findCause(evidence);
  return {
    verdict: grounds.verdict,
    termination,
    requests: { ...requests, heldAgainst: grounds.heldAgainst.length },
    jobs: jobs && countJobs(jobs),
    processes: recordProcesses(observation),
    findings: [...(cause ? [cause] : []), ...findConsequences(evidence)],
    timeline: drawTimeline(jobs ? drawJobs(jobs, observation, endedAtMs) : judged, observation, endedAtMs),
  };
}
