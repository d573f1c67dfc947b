import { readdir, readFile, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { SocketTable, TargetAddress } from '../engine.ts';
import { tcpTables } from '../proc/read-tables.ts';
import { statFields } from '../proc/stat.ts';
import { ascending, isReachable, type Listener, listeners, socketTable } from '../proc/tcp-tables.ts';

/** Where Node's inspector listens, unless it is told otherwise. Nobody sends it requests. */
const INSPECTOR: Listener = { address: '127.0.0.1', port: 9229 };

/** Of a process that ends or has ended (include/linux/sched.h). */
const PF_EXITING = 0x4;

/** The sockets of all processes in a PID namespace. In a network that they share, others' are told from theirs by inode. */
export interface SocketReader {
  /** Null where they cannot be read. */
  table(): Promise<SocketTable | null>;
  /** TCP ports that others can reach, ascending; where there are none, those for this machine alone. Null as above. */
  ports(): Promise<readonly number[] | null>;
  /** Where a port is reached; where nothing listens on it, on 127.0.0.1. */
  addressOf(port: number): Promise<TargetAddress>;
}

/** @param pid1 the namespace's first process as we number it */
export function socketReader(pid1: number): SocketReader {
  const proc = `/proc/${pid1}`;
  const read = async <T>(fold: (tables: string, counts: (inode: string) => boolean) => T): Promise<T | null> => {
    try {
      const tables = await tcpTables(proc);
      const held = await heldSockets(`${proc}/root/proc`);
      return fold(tables, (inode) => held.has(inode));
    } catch {
      return null;
    }
  };
  return {
    table: () => read(socketTable),
    async ports() {
      const all = await read(listeners);
      const some = all?.filter(({ address, port }) => address !== INSPECTOR.address || port !== INSPECTOR.port);
      const reachable = some?.filter(isReachable) ?? [];
      return some ? ascending(reachable.length > 0 ? reachable : some) : null;
    },
    async addressOf(port) {
      const addressesOf = (all: readonly Listener[]): readonly string[] =>
        all.filter((one) => one.port === port).map(({ address }) => address);
      const found = await read((tables, counts) => ({
        own: addressesOf(listeners(tables, counts)),
        all: addressesOf(listeners(tables)),
      }));
      return { host: await hostFor(found?.own ?? [], found?.all ?? [], port), port, via: 'local' };
    },
  };
}

/**
 * Inodes of the sockets that the processes of a /proc hold: the namespace's own, which lists nobody else.
 *
 * @throws Error where some of it may not be read, or the namespace has ended
 */
async function heldSockets(proc: string): Promise<ReadonlySet<string>> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const held = await Promise.all(pids.map((pid) => heldBy(`${proc}/${pid}`)));
  return new Set(held.flat());
}

async function heldBy(process: string): Promise<readonly string[]> {
  const files = await readdir(`${process}/fd`).catch(async (error: unknown) => {
    if (await isEnding(process)) return [];
    throw error;
  });
  const links = await Promise.all(files.map((file) => readlink(`${process}/fd/${file}`).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** From when a process ends until it is buried it is root's, and an ordinary user may not read its files. */
async function isEnding(process: string): Promise<boolean> {
  const stat = await readFile(`${process}/stat`, 'utf8').catch(() => '');
  const flags = statFields(stat)[6];
  return flags === undefined || (Number(flags) & PF_EXITING) !== 0;
}

/**
 * On `::` it may take IPv4 or not, which no table tells. Where somebody else has the port on IPv4, it does not.
 *
 * @param own addresses that the command listens on at the port
 * @param all those that anybody does
 */
async function hostFor(own: readonly string[], all: readonly string[], port: number): Promise<string> {
  if (own.length === 0 || takesIpv4(own)) return '127.0.0.1';
  if (own.includes('::')) return !takesIpv4(all) && (await accepts('127.0.0.1', port)) ? '127.0.0.1' : '::1';
  return own.includes('::1') ? '::1' : (own[0] ?? '127.0.0.1');
}

function takesIpv4(addresses: readonly string[]): boolean {
  return addresses.includes('0.0.0.0') || addresses.includes('127.0.0.1');
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => void socket.destroy());
  });
}
