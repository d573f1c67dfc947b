import { connect } from 'node:net';

import { BACKEND, serverName } from './balancer-config.ts';
import { type BalancerCounters, parseStats } from './balancer-stats.ts';

/** A command is answered in a millisecond. */
const ANSWER_MS = 5_000;

/** The balancer's admin socket: servers come and go, and it tells what it has counted. */
export interface BalancerAdmin {
  /** New requests may go to the server, which is this container now. */
  putIn(server: number, host: string, port: number): Promise<void>;
  /** No new request goes to the server; those that it has go on. */
  drain(server: number): Promise<void>;
  counters(): Promise<BalancerCounters>;
  /** HAProxy's own version. */
  version(): Promise<string>;
}

/** Speaks HAProxy's runtime API over the socket of this path. */
export function openAdmin(socket: string): BalancerAdmin {
  const nameOf = (server: number): string => `${BACKEND}/${serverName(server)}`;
  return {
    async putIn(server, host, port) {
      const said = await ask(socket, `set server ${nameOf(server)} addr ${host} port ${port}`);
      if (!/changed|no need to change/i.test(said)) throw refusal(nameOf(server), said);
      await setState(socket, nameOf(server), 'ready');
    },
    drain: (server) => setState(socket, nameOf(server), 'drain'),
    counters: async () => parseStats(await ask(socket, 'show stat')),
    version: async () => /^Version: (\S+)/m.exec(await ask(socket, 'show info'))?.[1] ?? 'unknown',
  };
}

async function setState(socket: string, name: string, state: 'ready' | 'drain'): Promise<void> {
  const said = await ask(socket, `set server ${name} state ${state}`);
  if (said.trim() !== '') throw refusal(name, said);
}

function refusal(name: string, said: string): Error {
  return new Error(`HAProxy does not do as it is told with ${name}: ${said.trim()}`);
}

/** One command on a connection of its own, which the other side closes after its answer. */
function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect({ path });
    socket.setEncoding('utf8').setTimeout(ANSWER_MS, () => socket.destroy(new Error('HAProxy does not answer')));
    socket.on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
    socket.write(`${command}\n`);
  });
}
