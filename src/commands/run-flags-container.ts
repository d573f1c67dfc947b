import { CHECKS, VOLUME_CHECK } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import { parseVariable, readEnvFile } from '../plan/env-file.ts';
import type { RunOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import { normaliseSignal } from '../plan/signals.ts';
import type { Flag } from './flag.ts';
import { bytesOf, checkedOf, durationOf, numberOf, textOf } from './values.ts';

/** Flags about the container and about when it is ready. `--env-file` stands before `--env`, which goes over it. */
export const CONTAINER_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'env-file',
    value: 'FILE',
    repeatable: true,
    group: 'Container',
    help: 'File of environment variables, a KEY=VALUE on each line, as docker reads it.',
    read: async (options, text) => ({
      ...options,
      env: { ...options.env, ...(await readEnvFile(text, process.env)) },
    }),
  },
  {
    name: 'env',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Container',
    help: 'Environment variable; a bare KEY takes its value from the environment.',
    read: (options, text) => ({ ...options, env: { ...options.env, ...parseVariable(text, '--env', process.env) } }),
  },
  {
    name: 'init',
    value: null,
    group: 'Container',
    help: "Run the engine's own init as PID 1, as docker run --init.",
    read: (options) => ({ ...options, init: true }),
  },
  {
    name: 'memory',
    value: 'SIZE',
    group: 'Container',
    help: 'Memory limit, such as 256m or 1g.',
    fallback: 'none',
    read: (options, text) => ({ ...options, memoryBytes: bytesOf('--memory', text, RANGES.memoryBytes, '256m') }),
  },
  {
    name: 'cpus',
    value: 'N',
    group: 'Container',
    help: 'CPU limit, such as 0.5.',
    fallback: 'none',
    read: (options, text) => ({ ...options, cpus: numberOf('--cpus', text, RANGES.cpus, '0.5') }),
  },
  {
    name: 'user',
    value: 'USER',
    group: 'Container',
    help: 'User, or user:group, by name or number.',
    fallback: "the image's",
    read: (options, text) => ({ ...options, user: textOf('--user', text, 'a user or user:group', '1000:1000') }),
  },
  {
    name: 'entrypoint',
    value: 'PROGRAM',
    group: 'Container',
    help: 'Replaces the entrypoint of the image; "" clears it. Arguments go after --.',
    fallback: "the image's",
    read: (options, text) => ({ ...options, entrypoint: text === '' ? [] : [text] }),
  },
  {
    name: 'network',
    value: 'NAME',
    group: 'Container',
    help: 'Network to join.',
    fallback: "the engine's bridge",
    read: (options, text) => ({ ...options, network: textOf('--network', text, 'a network', 'my-network') }),
  },
  {
    name: 'volume',
    value: 'SOURCE:TARGET',
    repeatable: true,
    group: 'Container',
    help: 'Folder or volume to mount, as docker run --volume.',
    read: (options, text) => ({
      ...options,
      volumes: [...(options.volumes ?? []), checkedOf('--volume', text, VOLUME_CHECK, './data:/data')],
    }),
  },
  {
    name: 'stop-signal',
    value: 'SIGNAL',
    group: 'Container',
    help: 'Signal that asks it to stop, by name or number.',
    fallback: "the image's STOPSIGNAL, else SIGTERM",
    read: (options, text) => ({ ...options, stopSignal: normaliseSignal(text, '--stop-signal') }),
  },
  {
    name: 'port',
    value: 'N',
    group: 'Container',
    help: 'Port that the app listens on.',
    fallback: 'the only EXPOSE of the image',
    read: (options, text) => ({ ...options, port: numberOf('--port', text, RANGES.port, '3000') }),
  },
  {
    name: 'ready-path',
    value: 'PATH',
    group: 'Readiness',
    help: 'Ready means an answer below 500 here and, where the image has a HEALTHCHECK, that it says healthy.',
    fallback: '--path',
    read: (options, text) => ({ ...options, readyPath: checkedOf('--ready-path', text, CHECKS.readyPath, '/healthz') }),
  },
  {
    name: 'ready-timeout',
    value: 'TIME',
    group: 'Readiness',
    help: 'How long it may take to get ready.',
    fallback: formatDuration(DEFAULTS.readyTimeoutMs),
    read: (options, text) => ({
      ...options,
      readyTimeoutMs: durationOf('--ready-timeout', text, RANGES.readyTimeoutMs, '3m'),
    }),
  },
];
