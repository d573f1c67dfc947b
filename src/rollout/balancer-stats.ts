import { BACKEND, FRONTEND } from './balancer-config.ts';

/** How many responses there were by the hundreds of their status; `other` for none at all. */
export type StatusClasses = Readonly<Record<'1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'other', number>>;

/** What the balancer counts of its users' side. Source: HAProxy's management guide, "9.1. CSV format". */
export interface UserCounters {
  /** Connections that are open now. */
  readonly open: number;
  /** HTTP requests that came (`req_tot`). */
  readonly requests: number;
  /** What users were answered with, by servers or by the balancer itself (`hrsp_*`). */
  readonly responses: StatusClasses;
  /** Transfers that users ended (`cli_abrt`). */
  readonly userAborts: number;
}

/** What the balancer counts of one server, which is one container for its whole life. */
export interface ServerCounters {
  /** Requests that it has now (`scur`). */
  readonly current: number;
  /** Requests that it was given (`stot`), also those that were then given to another. */
  readonly given: number;
  /** Requests that ended in a connection that could not be made (`econ`). */
  readonly connectErrors: number;
  /** Requests whose response did not come, or not whole (`eresp`), where the balancer says so to the user. */
  readonly responseErrors: number;
  /** Connections that were tried again after a failure (`wretr`). */
  readonly retries: number;
  /** Requests that were taken from it and given to another server (`wredis`). */
  readonly redispatches: number;
  /** Transfers that the server ended (`srv_abrt`). */
  readonly serverAborts: number;
  readonly responses: StatusClasses;
}

/** The balancer's counters at a moment, since its start. */
export interface BalancerCounters {
  readonly users: UserCounters;
  /** By the server's name. */
  readonly servers: Readonly<Record<string, ServerCounters>>;
}

/**
 * Reads the answer to `show stat`.
 * @throws Error where it is none.
 */
export function parseStats(csv: string): BalancerCounters {
  const [header = '', ...lines] = csv.split('\n').filter((line) => line.trim() !== '');
  if (!header.startsWith('# pxname,svname,')) throw new Error(`no statistics: ${header}`);
  const names = header.slice(2).split(',');
  const rows = lines.map((line) => rowOf(names, line.split(',')));
  const users = rows.find((row) => row.text('pxname') === FRONTEND && row.text('svname') === 'FRONTEND');
  if (users === undefined) throw new Error('no statistics of the frontend');
  const servers = rows.filter((row) => row.text('pxname') === BACKEND && row.text('svname') !== 'BACKEND');
  return {
    users: usersOf(users),
    servers: Object.fromEntries(servers.map((row) => [row.text('svname'), serverOf(row)])),
  };
}

/** Responses that the balancer counts; a connection that it closed without a word is none. */
export function answered({ responses }: Pick<UserCounters, 'responses'>): number {
  return Object.values(responses).reduce((sum, count) => sum + count, 0);
}

interface Row {
  readonly text: (name: string) => string;
  readonly count: (name: string) => number;
}

/** What a version of HAProxy does not count is empty, and 0 here. */
function rowOf(names: readonly string[], values: readonly string[]): Row {
  const text = (name: string): string => values[names.indexOf(name)] ?? '';
  return { text, count: (name) => Number(text(name)) };
}

function usersOf({ count }: Row): UserCounters {
  return {
    open: count('scur'),
    requests: count('req_tot'),
    responses: responsesOf(count),
    userAborts: count('cli_abrt'),
  };
}

function serverOf({ count }: Row): ServerCounters {
  return {
    current: count('scur'),
    given: count('stot'),
    connectErrors: count('econ'),
    responseErrors: count('eresp'),
    retries: count('wretr'),
    redispatches: count('wredis'),
    serverAborts: count('srv_abrt'),
    responses: responsesOf(count),
  };
}

function responsesOf(count: Row['count']): StatusClasses {
  return {
    '1xx': count('hrsp_1xx'),
    '2xx': count('hrsp_2xx'),
    '3xx': count('hrsp_3xx'),
    '4xx': count('hrsp_4xx'),
    '5xx': count('hrsp_5xx'),
    other: count('hrsp_other'),
  };
}
