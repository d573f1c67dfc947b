import type { CauseCode, Finding } from '../../../src/diagnosis/finding.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { ProcessRecord, RunRecord } from '../../../src/result.ts';
import { SHELL } from '../report/fixtures/runs.ts';

/** A failing run as a test tells it; what is left out is a Node app behind a shell. */
export interface Failing {
  readonly cause?: CauseCode | null;
  readonly entrypoint?: readonly string[] | null;
  readonly command?: readonly string[] | null;
  readonly stopSignal?: string;
  /** PID 1 first, each the child of the one before. */
  readonly processes?: readonly string[];
  readonly sigkill?: boolean;
  readonly plan?: Partial<Plan>;
  readonly container?: Partial<Plan['container']>;
}

/** The record of a run that failed. */
export function failing(told: Failing = {}): RunRecord {
  const { cause = 'SHELL_IS_PID1', sigkill = true } = told;
  const { resolved } = SHELL.plan;
  return {
    ...SHELL,
    target: {
      ...SHELL.target,
      entrypoint: told.entrypoint ?? null,
      command: told.command === undefined ? ['/bin/sh', '-c', 'node server.js'] : told.command,
      stopSignal: told.stopSignal ?? 'SIGTERM',
    },
    plan: {
      ...SHELL.plan,
      resolved: { ...resolved, prove: true, ...told.plan, container: { ...resolved.container, ...told.container } },
    },
    termination: { ...SHELL.termination, sigkillFired: sigkill },
    processes: (told.processes ?? ['/bin/sh -c node server.js', 'node server.js']).map(processOf),
    findings: cause === null ? [] : [findingOf(cause)],
  };
}

function processOf(command: string, nth: number): ProcessRecord {
  return {
    pid: 100 + nth,
    ppid: 99 + nth,
    isPid1: nth === 0,
    command,
    catchesBefore: null,
    catchesAfter: null,
    otherwise: null,
    goneByMs: null,
  };
}

function findingOf(code: CauseCode): Finding {
  return { code, severity: 'error', message: 'Why.', advice: 'What to do.', args: {} };
}
