import type { FromFile } from '../from-file.ts';
import { RANGES } from '../ranges.ts';
import { at, badField, type Field, isThere, items, neededText, numberOf, textOf, textsOf } from './field.ts';
import { httpGetOf } from './http-get.ts';

/**
 * The hook that runs before the stop signal.
 * @throws CannotRunError for a field of another type.
 */
export function readPreStop(container: Field): FromFile {
  const hook = at(container, 'lifecycle', 'preStop');
  const [exec, httpGet, sleep] = [at(hook, 'exec'), at(hook, 'httpGet'), at(hook, 'sleep')];
  if (isThere(exec)) return { options: { preStop: { kind: 'exec', command: commandOf(exec) } }, missing: [] };
  if (isThere(httpGet)) return httpHook(httpGet, container);
  if (isThere(sleep)) return { options: { preStop: { kind: 'sleep', sleepMs: sleepMsOf(sleep) } }, missing: [] };
  if (!isThere(at(hook, 'tcpSocket'))) return { options: {}, missing: [] };
  // k8s.io/api/core/v1, LifecycleHandler: kept for old manifests, and fails when it is run.
  const what = 'its preStop hook (tcpSocket), which Kubernetes has in its API and does not carry out';
  return { options: {}, missing: [{ what, flag: null }] };
}

function commandOf(exec: Field): readonly string[] {
  const command = textsOf(at(exec, 'command'));
  if (command.length > 0) return command;
  throw badField(at(exec, 'command'), 'a list of texts, the program and its arguments');
}

function httpHook(httpGet: Field, container: Field): FromFile {
  const host = textOf(at(httpGet, 'host'));
  if (host !== null) return { options: {}, missing: [{ what: `its preStop hook, a GET of ${host}`, flag: null }] };
  const headers: Record<string, string> = {};
  for (const header of items(at(httpGet, 'httpHeaders'))) {
    headers[neededText(at(header, 'name'))] = textOf(at(header, 'value')) ?? '';
  }
  return { options: { preStop: { kind: 'http', ...httpGetOf(httpGet, container), headers } }, missing: [] };
}

function sleepMsOf(sleep: Field): number {
  const seconds = at(sleep, 'seconds');
  const number = numberOf(seconds, RANGES.seconds);
  if (number === null) throw badField(seconds, 'a number of seconds');
  return number * 1_000;
}
