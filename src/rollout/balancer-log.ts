import type { BalancerProcess } from './balancer-process.ts';

/** What the balancer says of a request that was not simply passed on and answered. */
export interface OddRequest {
  /** Of the ledger. */
  readonly row: number;
  /** The server that had it last; `<NOSRV>` where none did. */
  readonly server: string;
  /** How often it was sent again. */
  readonly retries: number;
  /** What the user was, or would have been, answered with; 0 for nothing. */
  readonly status: number;
  /**
   * Who ended it, in HAProxy's letters (configuration manual, "8.5. Session state at disconnection"); `--`: nobody, it was
   * answered.
   */
  readonly ending: string;
}

/** What the balancer's log has said so far. */
export interface BalancerLog {
  /** Requests that it has told of. */
  readonly requests: number;
  /** Those of them that were sent again, ended badly, or were answered with an error. */
  readonly odd: readonly OddRequest[];
}

const NORMAL = '--';
const FIRST_ERROR = 500;

/** Keeps what the log says of odd requests, and counts the others: a line each, which would be millions. */
export function keepLog(running: Pick<BalancerProcess, 'followLog'>): BalancerLog {
  const odd: OddRequest[] = [];
  let requests = 0;
  running.followLog((line) => {
    const request = parseLogLine(line);
    if (request === null) return;
    requests++;
    if (isOdd(request)) odd.push(request);
  });
  return {
    odd,
    get requests() {
      return requests;
    },
  };
}

function isOdd({ ending, retries, status }: OddRequest): boolean {
  return ending !== NORMAL || retries > 0 || status >= FIRST_ERROR;
}

/** A line as our configuration has it: row, server, ending, retries (with a plus where on another server), status. */
export function parseLogLine(line: string): OddRequest | null {
  const [, row, server, ending, retries, status] =
    /^(\d+) (?:\S+\/)?(\S+) (\S\S) \+?(\d+) (-?\d+)\s*$/.exec(line) ?? [];
  if (row === undefined || server === undefined || ending === undefined) return null;
  return { row: Number(row), server, retries: Number(retries), status: Math.max(0, Number(status)), ending };
}
