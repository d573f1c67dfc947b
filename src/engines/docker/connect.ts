import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import type Dockerode from 'dockerode';
import type { Engine, EngineInfo } from '../engine.ts';
import { dockerodeOptions, isRemote, namedAddress, type EngineAddress } from './address.ts';
import { createDockerEngine } from './docker-engine.ts';
import { type Instead, namedEngineError, noEngineError } from './no-engine.ts';
import { removeOrphans } from './sweep.ts';

/** How long an address may take to say that it is an engine. A firewall that drops packets would take minutes. */
const ANSWER_MS = 10_000;

/** Where an engine is found. */
interface Found {
  readonly dockerode: Dockerode;
  readonly address: EngineAddress;
  readonly host: string;
}

interface Introduction {
  readonly kind: 'docker' | 'podman';
  readonly info: EngineInfo;
}

/** An engine that has answered, and of which nothing more was asked. */
export type Met = Found & Introduction;

const USUAL_SOCKET = '/var/run/docker.sock';
const USUAL = {
  socket: USUAL_SOCKET,
  dockerHost: `unix://${USUAL_SOCKET}`,
  certPath: null,
  namedBy: 'the usual socket',
};

/**
 * Connects to the engine that DOCKER_HOST or the current docker context names, else to the one at the usual socket, else to
 * the one testcontainers finds, and removes the containers that a dead run of this program left on it.
 *
 * @throws CannotRunError where no engine answers: which addresses were tried, how to start one, and how to do without.
 */
export async function connectDocker(abort?: AbortSignal, instead: Instead = noneKnown): Promise<Engine> {
  const { kind, info, ...found } = await meetDocker(async () => lines(SEE_DOCTOR, await instead()));
  abort?.throwIfAborted();
  // dockerode takes DOCKER_CLIENT_TIMEOUT for every call; a stop that is cut off can turn into an early SIGKILL.
  (found.dockerode.modem as { timeout?: number | undefined }).timeout = undefined;
  await removeOrphans(found.dockerode);
  abort?.throwIfAborted();
  return createDockerEngine({ ...found, kind }, info);
}

const SEE_DOCTOR = 'What this machine has for a check: shutdown-check doctor';

const noneKnown: Instead = () => Promise.resolve('');

function lines(...all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}

/**
 * Finds the engine in the same way, and changes nothing on it.
 *
 * @param answerMs how long an address may take to say that it is an engine
 * @throws CannotRunError where no engine answers.
 */
export async function meetDocker(instead: Instead = noneKnown, answerMs = ANSWER_MS): Promise<Met> {
  const named = namedAddress(process.env);
  return named === null ? await find(instead, answerMs) : await meetNamed(named, instead, answerMs);
}

async function meetNamed(address: EngineAddress, instead: Instead, answerMs: number): Promise<Met> {
  return await meet(address, answerMs).catch(async (cause: unknown) => {
    throw await namedEngineError(address, cause, instead);
  });
}

/** The engine at the usual socket; where none answers there, or testcontainers is told of another, the one it finds. */
async function find(instead: Instead, answerMs: number): Promise<Met> {
  const isTold = existsSync(path.join(homedir(), '.testcontainers.properties'));
  const usual = isTold || !existsSync(USUAL.socket) ? null : await meet(USUAL, answerMs).catch(() => null);
  if (usual) return usual;
  const found = await discover(instead);
  return { ...found, ...(await introduce(found, answerMs)) };
}

async function meet(address: EngineAddress, answerMs: number): Promise<Met> {
  const found = await open(address);
  return { ...found, ...(await introduce(found, answerMs)) };
}

async function open(address: EngineAddress): Promise<Found> {
  const options = dockerodeOptions(address);
  const { default: Docker } = await import('dockerode');
  const host = isRemote(address) ? new URL(address.dockerHost).hostname : '127.0.0.1';
  return { dockerode: new Docker(options), address, host: process.env['TESTCONTAINERS_HOST_OVERRIDE'] ?? host };
}

/** Imported only here: loading testcontainers takes 200 ms, on a busy machine a second. */
async function discover(instead: Instead): Promise<Found> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient().catch(async (cause: unknown) => {
    throw await noEngineError(cause, instead);
  });
  const dockerode = client.container.dockerode;
  const { host } = client.info.containerRuntime;
  return {
    dockerode,
    address: addressOfModem(dockerode.modem as Modem),
    host: host === 'localhost' ? '127.0.0.1' : host,
  };
}

function addressOfModem(modem: Modem): EngineAddress {
  const scheme = process.platform === 'win32' ? 'npipe' : 'unix';
  const dockerHost = modem.host ? `tcp://${modem.host}:${modem.port}` : `${scheme}://${modem.socketPath}`;
  const certPath = modem.ca === undefined ? null : (process.env['DOCKER_CERT_PATH'] ?? null);
  return { dockerHost, certPath, namedBy: 'found by testcontainers' };
}

/** What is read of dockerode's modem, which its types leave open. */
interface Modem {
  readonly host?: string;
  readonly port?: string | number;
  readonly socketPath?: string;
  readonly ca?: unknown;
}

async function introduce({ dockerode }: Found, answerMs: number): Promise<Introduction> {
  // dockerode takes options here; its types do not know it.
  const versionOf = dockerode.version.bind(dockerode) as (options: object) => Promise<Dockerode.DockerVersion>;
  const abortSignal = AbortSignal.timeout(answerMs);
  const version = await versionOf({ abortSignal }).catch((cause: unknown) => {
    // Of an abort dockerode says only that there was one.
    throw abortSignal.aborted ? new Error(`no answer in ${answerMs / 1_000} s`, { cause }) : cause;
  });
  const isPodman = version.Components?.some((component) => /podman/i.test(component.Name)) ?? false;
  const kind = isPodman ? 'podman' : 'docker';
  return { kind, info: { kind, version: version.Version, apiVersion: version.ApiVersion } };
}
