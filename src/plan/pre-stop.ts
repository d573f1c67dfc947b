import { asTyped } from '../report/text.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import { formatDuration, parseDuration } from './durations.ts';
import type { PreStopPlan } from './plan.ts';

/** The forms of a hook as one types it. */
export const PRE_STOP_FORMS = 'exec:COMMAND, http:/path, http:PORT/path or sleep:TIME';

/**
 * A preStop hook from its short form; null where it is none. `exec:` takes a command whose words are split as a shell
 * would, and that no shell reads: what needs one has to say so (`exec:sh -c '...'`), as in a manifest.
 */
export function parsePreStop(value: unknown): PreStopPlan | null {
  const [, kind, rest = ''] = typeof value === 'string' ? (/^(exec|http|sleep):(.*)$/s.exec(value) ?? []) : [];
  switch (kind) {
    case 'exec':
      return execOf(rest);
    case 'http':
      return httpOf(rest);
    case 'sleep':
      return sleepOf(rest);
    default:
      return null;
  }
}

function execOf(text: string): PreStopPlan | null {
  const words = parseShellWords(text);
  return words.kind === 'words' ? { kind: 'exec', command: asCommand(words) } : null;
}

function httpOf(text: string): PreStopPlan | null {
  const [, port, path] = /^(\d{1,5})?(\/\S*)$/.exec(text) ?? [];
  if (path === undefined) return null;
  return { kind: 'http', port: port === undefined ? null : Number(port), path, headers: {}, tls: false };
}

function sleepOf(text: string): PreStopPlan | null {
  const sleepMs = parseDuration(text);
  return sleepMs === null ? null : { kind: 'sleep', sleepMs };
}

/** The hook as one types it; what the short form cannot say is left out. */
export function shortPreStop(preStop: PreStopPlan): string {
  switch (preStop.kind) {
    case 'exec':
      return `exec:${asTyped(preStop.command)}`;
    case 'http':
      return `http:${preStop.port ?? ''}${preStop.path}`;
    case 'sleep':
      return `sleep:${formatDuration(preStop.sleepMs)}`;
  }
}
