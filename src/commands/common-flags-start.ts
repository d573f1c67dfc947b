import { COMMON_CHECKS } from '../plan/checks.ts';
import { DEFAULTS } from '../plan/defaults.ts';
import { formatDuration } from '../plan/durations.ts';
import { parseVariable, readEnvFile } from '../plan/env-file.ts';
import type { CommonOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import { normaliseSignal } from '../plan/signals.ts';
import type { Flag } from './flag.ts';
import { checkedOf, durationOf, numberOf, textOf } from './values.ts';

/** Flags about how it is started and when it is ready. `--env-file` stands before `--env`, which goes over it. */
export const START_FLAGS: readonly Flag<CommonOptions>[] = [
  {
    name: 'name',
    value: 'NAME',
    group: 'Output',
    help: 'What it is called in reports.',
    fallback: "the service's name, or what is named to be checked",
    read: (_, text) => ({ name: textOf('--name', text, 'a name', 'api') }),
  },
  {
    name: 'env-file',
    value: 'FILE',
    repeatable: true,
    group: 'Container',
    help: 'File of environment variables, a KEY=VALUE on each line, as docker reads it.',
    read: async (options, text) => ({ env: { ...options.env, ...(await readEnvFile(text, process.env)) } }),
  },
  {
    name: 'env',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Container',
    help: 'Environment variable; a bare KEY takes its value from the environment.',
    read: (options, text) => ({ env: { ...options.env, ...parseVariable(text, '--env', process.env) } }),
  },
  {
    name: 'init',
    value: null,
    group: 'Container',
    help: "Run the engine's own init as PID 1, as docker run --init.",
    read: () => ({ init: true }),
  },
  {
    name: 'stop-signal',
    value: 'SIGNAL',
    group: 'Container',
    help: 'Signal that asks it to stop, by name or number.',
    fallback: "the image's STOPSIGNAL, else SIGTERM",
    read: (_, text) => ({ stopSignal: normaliseSignal(text, '--stop-signal') }),
  },
  {
    name: 'port',
    value: 'N',
    group: 'Container',
    help: 'Port that the app listens on.',
    fallback: 'the only EXPOSE of the image',
    read: (_, text) => ({ port: numberOf('--port', text, RANGES.port, '3000') }),
  },
  {
    name: 'ready-path',
    value: 'PATH',
    group: 'Readiness',
    help: 'Ready means an answer below 500 here and, where the image has a HEALTHCHECK, that it says healthy.',
    fallback: '--path',
    read: (_, text) => ({ readyPath: checkedOf('--ready-path', text, COMMON_CHECKS.readyPath, '/healthz') }),
  },
  {
    name: 'ready-port',
    value: 'N',
    group: 'Readiness',
    help: 'Port on which --ready-path is asked.',
    fallback: '--port',
    read: (_, text) => ({ readyPort: numberOf('--ready-port', text, RANGES.port, '8081') }),
  },
  {
    name: 'ready-timeout',
    value: 'TIME',
    group: 'Readiness',
    help: 'How long it may take to get ready.',
    fallback: formatDuration(DEFAULTS.readyTimeoutMs),
    read: (_, text) => ({ readyTimeoutMs: durationOf('--ready-timeout', text, RANGES.readyTimeoutMs, '3m') }),
  },
];
