import type { SocketFacts, SocketTable } from '../engine.ts';
import { hostPort } from '../../load/transport.ts';

/** The kernel's TCP states as /proc/net/tcp prints them (include/net/tcp_states.h). */
const LISTEN = '0A';
const STATES: Readonly<Record<string, SocketFacts['state']>> = {
  '01': 'established',
  '04': 'finWait',
  '05': 'finWait',
  '08': 'closeWait',
};
/** More connections than these are not kept: the figures stay readable, and a result small. */
const MAX_CONNECTIONS = 200;

/** Which sockets count, by their inode: a process that holds one has it among its files as `socket:[INODE]`. */
export type Counts = (inode: string) => boolean;

interface Row {
  readonly address: string;
  readonly port: number;
  readonly peer: string;
  readonly state: string;
  /** `0`, that no process holds it: it waits to be accepted, or its process has let go of it. */
  readonly inode: string;
}

/** A socket that takes connections. */
export type Listener = Pick<Row, 'address' | 'port'>;

/** TCP ports that somebody else than the machine itself can reach, ascending, of /proc/net/tcp and tcp6 in one text. */
export function reachablePorts(tables: string): readonly number[] {
  return ascending(listeners(tables).filter(isReachable));
}

/** The sockets that take connections, of /proc/net/tcp and tcp6 in one text. */
export function listeners(tables: string, counts: Counts = () => true): readonly Listener[] {
  return rowsOf(tables).filter(({ state, inode }) => state === LISTEN && counts(inode));
}

/** Whether somebody else than the machine itself can reach it. */
export function isReachable({ address }: Listener): boolean {
  return !address.startsWith('127.') && address !== '::1';
}

/** The sockets that processes hold, of /proc/net/tcp and tcp6 in one text (Linux, Documentation/networking/proc_net_tcp). */
export function socketTable(tables: string, counts: Counts = () => true): SocketTable {
  const rows = rowsOf(tables).filter(({ inode }) => counts(inode));
  return {
    listening: ascending(rows.filter(({ state }) => state === LISTEN)),
    connections: rows
      .filter(({ state, inode }) => state !== LISTEN && inode !== '0')
      .slice(0, MAX_CONNECTIONS)
      .map(({ port, peer, state }) => ({ localPort: port, peer, state: STATES[state] ?? 'other' })),
  };
}

function rowsOf(tables: string): readonly Row[] {
  return tables.split('\n').flatMap((line) => {
    const [, local = '', remote = '', state = '', , , , , , inode = '0'] = line.trim().split(/\s+/);
    const here = endOf(local);
    const there = endOf(remote);
    if (here === null || there === null) return [];
    return [{ address: here.host, port: here.port, peer: hostPort(there), state, inode }];
  });
}

/** `0100007F:0BB8` is 127.0.0.1:3000; null for what is no address, such as the table's head. */
function endOf(text: string): { readonly host: string; readonly port: number } | null {
  const [, address = '', port = ''] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(text) ?? [];
  if (address === '') return null;
  const bytes = bytesOf(address);
  return { host: bytes.length === 4 ? bytes.join('.') : ipv6(bytes), port: Number.parseInt(port, 16) };
}

/** Addresses are 32-bit words in the machine's own order, so the last byte of a word comes first. */
function bytesOf(address: string): readonly number[] {
  const words = address.match(/.{8}/g) ?? [];
  return words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
}

/** An IPv4 address within an IPv6 one is written as the IPv4 address that it is. */
function ipv6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((bytes[2 * at] ?? 0) * 256 + (bytes[2 * at + 1] ?? 0)).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/** Ports, each once, ascending. */
export function ascending(rows: readonly Listener[]): readonly number[] {
  return [...new Set(rows.map(({ port }) => port))].sort((a, b) => a - b);
}
