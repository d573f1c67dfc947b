import type { ProcessFacts } from '../engines/engine.ts';

/** Software whose graceful stop is on a signal of its own. */
export interface KnownSoftware {
  readonly software: string;
  /** In the command line of its main process. */
  readonly matches: RegExp;
  readonly dropsOn: readonly string[];
  readonly drainsOn: string;
  /** What draining on that signal needs besides, a sentence; null for nothing. */
  readonly also: string | null;
}

/**
 * Sources: the manuals of each (nginx "Controlling nginx", apache "Stopping and Restarting", haproxy "Stopping and
 * restarting", gunicorn "Signal Handling", unicorn "SIGNALS", php-fpm(8)), and runs of this program on Debian 12's packages.
 */
const KNOWN: readonly KnownSoftware[] = [
  {
    software: 'nginx',
    matches: /^nginx: master|(^|\/)nginx( |$)/,
    dropsOn: ['SIGTERM', 'SIGINT'],
    drainsOn: 'SIGQUIT',
    also: null,
  },
  {
    software: 'Apache',
    matches: /(^|\/)(apache2|httpd)( |$)|^(\S*\/)?apache(2)?ctl( |$)/,
    dropsOn: ['SIGTERM'],
    drainsOn: 'SIGWINCH',
    also: null,
  },
  { software: 'HAProxy', matches: /(^|\/)haproxy( |$)/, dropsOn: ['SIGTERM'], drainsOn: 'SIGUSR1', also: null },
  {
    software: 'gunicorn',
    matches: /(^|[/ ])gunicorn( |:|$)/,
    dropsOn: ['SIGQUIT', 'SIGINT'],
    drainsOn: 'SIGTERM',
    also: null,
  },
  {
    software: 'unicorn',
    matches: /(^|[/ ])unicorn( |$)/,
    dropsOn: ['SIGTERM', 'SIGINT'],
    drainsOn: 'SIGQUIT',
    also: null,
  },
  {
    software: 'PHP-FPM',
    matches: /^php-fpm: master|(^|\/)php-fpm[\d.]*( |$)/,
    dropsOn: ['SIGTERM', 'SIGINT'],
    drainsOn: 'SIGQUIT',
    also: 'PHP-FPM waits on SIGQUIT only as long as its `process_control_timeout`, which is 0 by default: set that too.',
  },
];

/** What is known of a process's own way to stop; null for software that is not in the table. */
export function drainSignalOf({ command }: Pick<ProcessFacts, 'command'>): KnownSoftware | null {
  return KNOWN.find(({ matches }) => matches.test(command)) ?? null;
}

/** Signals that a runtime takes for a purpose of its own where the app has no handler, by its program's name. */
const TAKEN_BY_RUNTIMES: readonly {
  readonly program: RegExp;
  readonly signal: string;
  /** What the runtime does then, a clause. */
  readonly does: string;
}[] = [
  { program: /^node(js)?$/, signal: 'SIGUSR1', does: 'Node starts its inspector on SIGUSR1, and goes on' },
  { program: /^java$/, signal: 'SIGQUIT', does: 'the JVM prints its threads on SIGQUIT, and goes on' },
];

/** What a program's runtime does on a signal in the app's place; null for nothing of its own. Sources: node(1), java(1). */
export function takenByRuntime(program: string, signal: string): string | null {
  return TAKEN_BY_RUNTIMES.find((one) => one.program.test(program) && one.signal === signal)?.does ?? null;
}
