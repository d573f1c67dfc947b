import { readFile } from 'node:fs/promises';
import { BlockList } from 'node:net';
import { endianness } from 'node:os';

import type Dockerode from 'dockerode';
import { engineSentence } from '../engines/docker/engine-error.ts';
import type { AddressFacts } from './machine.ts';
import type { KnownEngine } from './engine.ts';

/** The network that a container is given where nothing else is said: Docker's name for it, then Podman's. */
const DEFAULT_NETWORKS = ['bridge', 'podman'];

/**
 * How a container would be reached: on its own address where this machine has one in the containers' network, as it has
 * on a Linux engine's own machine, and in a container beside them. No container is started for it. Never throws.
 */
export async function lookAtAddress({ met, facts }: KnownEngine): Promise<AddressFacts> {
  if (facts.isRemote) return { kind: 'published', host: met.host, subnet: null };
  try {
    const subnet = await subnetOf(met.dockerode);
    if (subnet === null) return { kind: 'unknown', because: "the engine's default network has no IPv4 addresses" };
    const device = await deviceIn(subnet);
    return device === null ? { kind: 'published', host: met.host, subnet } : { kind: 'own', subnet, device };
  } catch (error) {
    return { kind: 'unknown', because: engineSentence(error) };
  }
}

async function subnetOf(dockerode: Dockerode): Promise<string | null> {
  const networks = await dockerode.listNetworks();
  const found = DEFAULT_NETWORKS.flatMap((name) => networks.filter(({ Name }) => Name === name));
  const subnets = found.flatMap(({ IPAM }) => IPAM?.Config?.flatMap(({ Subnet }) => Subnet ?? []) ?? []);
  return subnets.find((subnet) => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(subnet)) ?? null;
}

/**
 * The device by which this machine is in a network; null where it is not. The kernel's routes tell it, also while no
 * container runs: then the device has no carrier, and Node does not list it.
 */
async function deviceIn(subnet: string): Promise<string | null> {
  // Outside of Linux the engine runs in a virtual machine, and a network of the same numbers is another one.
  const routes = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const [base = '', bits] = subnet.split('/');
  const network = new BlockList();
  network.addSubnet(base, Number(bits), 'ipv4');
  const rows = routes.split('\n').slice(1);
  const direct = rows.map((row) => row.split('\t')).filter(([, , gateway]) => gateway === '00000000');
  return direct.find(([, to = '']) => network.check(addressOf(to), 'ipv4'))?.[0] ?? null;
}

/** `000011AC`, the bytes from the last to the first as a little-endian machine writes them, is 172.17.0.0. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  return [...(endianness() === 'LE' ? bytes.toReversed() : bytes)].join('.');
}
