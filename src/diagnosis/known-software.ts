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
  { software: 'Apache', matches: /(^|\/)(apache2|httpd)( |$)/, dropsOn: ['SIGTERM'], drainsOn: 'SIGWINCH', also: null },
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
