import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { DockerOptions } from 'dockerode';
import { CannotRunError } from '../../errors.ts';

/** Where an engine listens. */
export interface EngineAddress {
  /** As DOCKER_HOST spells it: `unix:///var/run/docker.sock`, `tcp://host:2376`. */
  readonly dockerHost: string;
  /** Folder with ca.pem, cert.pem and key.pem; null without TLS. */
  readonly certPath: string | null;
  /** What named it, for error messages. */
  readonly namedBy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The engine that the user named: by DOCKER_HOST, or by a docker context other than `default`; null where neither is
 * set. testcontainers does not know contexts, and it silently goes on to the default socket where DOCKER_HOST does
 * not answer, so a named engine is never left to it.
 *
 * @throws CannotRunError where the context does not exist or the address is an ssh one.
 */
export function namedAddress(env: Environment): EngineAddress | null {
  const address = env['DOCKER_HOST'] ? addressFromHost(env, env['DOCKER_HOST']) : addressFromContext(env);
  if (address?.dockerHost.startsWith('ssh://')) throw sshError(address);
  return address;
}

function addressFromHost(env: Environment, dockerHost: string): EngineAddress {
  const certPath = env['DOCKER_TLS_VERIFY'] ? (env['DOCKER_CERT_PATH'] ?? configFolder(env)) : null;
  return {
    dockerHost: dockerHost.includes('://') ? dockerHost : `tcp://${dockerHost}`,
    certPath,
    namedBy: 'DOCKER_HOST',
  };
}

function addressFromContext(env: Environment): EngineAddress | null {
  const name = env['DOCKER_CONTEXT'] || currentContext(env);
  if (!name || name === 'default') return null;
  const folder = createHash('sha256').update(name).digest('hex');
  const contexts = path.join(configFolder(env), 'contexts');
  const host = contextHost(path.join(contexts, 'meta', folder, 'meta.json'));
  if (host === null) {
    throw new CannotRunError(`The docker context "${name}" does not exist or names no engine.`, {
      nextStep: 'See `docker context ls`; `docker context use default` or DOCKER_HOST chooses another one.',
    });
  }
  const certPath = path.join(contexts, 'tls', folder, 'docker');
  return {
    dockerHost: host,
    certPath: readJson(path.join(certPath, 'ca.pem'), String) === null ? null : certPath,
    namedBy: `docker context "${name}"`,
  };
}

function currentContext(env: Environment): string | undefined {
  const config = readJson(path.join(configFolder(env), 'config.json')) as { currentContext?: string } | null;
  return config?.currentContext;
}

function contextHost(metaFile: string): string | null {
  const meta = readJson(metaFile) as { Endpoints?: { docker?: { Host?: string } } } | null;
  return meta?.Endpoints?.docker?.Host || null;
}

function configFolder(env: Environment): string {
  return env['DOCKER_CONFIG'] || path.join(homedir(), '.docker');
}

/** A file that is not there, or not what it should be, is as good as none. */
function readJson(file: string, parse: (text: string) => unknown = JSON.parse): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

function sshError(address: EngineAddress): CannotRunError {
  const { username, hostname } = new URL(address.dockerHost);
  const login = username ? `${username}@${hostname}` : hostname;
  return new CannotRunError(
    `${address.namedBy} names an engine over ssh (${address.dockerHost}), which is not supported.`,
    {
      nextStep:
        `Forward its socket: \`ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock ${login}\`, ` +
        'then set DOCKER_HOST=unix:///tmp/engine.sock.',
    },
  );
}

/** The environment that makes the docker CLI, or another process of ours, talk to this engine. */
export function environmentOf(address: EngineAddress): Record<string, string> {
  const tls = address.certPath === null ? {} : { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: address.certPath };
  return { DOCKER_HOST: address.dockerHost, ...tls };
}

/** Whether the engine runs on another machine, so that neither its containers' addresses nor its loopback are ours. */
export function isRemote(address: EngineAddress): boolean {
  if (/^(unix|npipe):/.test(address.dockerHost)) return false;
  return !['localhost', '127.0.0.1', '[::1]'].includes(new URL(address.dockerHost).hostname);
}

/**
 * What dockerode takes for this address. Every key is given: those left out it would fill in from DOCKER_HOST.
 *
 * @throws CannotRunError where the address or its certificates cannot be read.
 */
export function dockerodeOptions(address: EngineAddress): DockerOptions {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(address.dockerHost);
  if (socket !== null) return { ...NOTHING, socketPath: socket[1] };
  try {
    const url = new URL(address.dockerHost);
    const tls = address.certPath === null ? {} : certificates(address.certPath);
    const protocol = address.certPath !== null || url.protocol === 'https:' ? 'https' : 'http';
    return { ...NOTHING, ...tls, protocol, host: url.hostname, port: url.port || (protocol === 'https' ? 2376 : 2375) };
  } catch (cause) {
    throw new CannotRunError(`${address.namedBy} names an engine that cannot be used: ${address.dockerHost}`, {
      nextStep:
        'It should look like unix:///var/run/docker.sock or tcp://host:2375; DOCKER_CERT_PATH holds ca.pem, cert.pem and key.pem.',
      cause,
    });
  }
}

const NOTHING = {
  socketPath: undefined,
  host: undefined,
  port: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
};

function certificates(folder: string): Pick<DockerOptions, 'ca' | 'cert' | 'key'> {
  const read = (name: string): Buffer => readFileSync(path.join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
