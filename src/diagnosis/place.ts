import { shellFormIn } from '../image/shell-form.ts';
import type { Observation } from '../observation.ts';
import type { Finding, FindingCode } from './finding.ts';
import { baseName, roleOf } from './processes.ts';
import { whereItSays } from './words/words.ts';

/** Causes that are mended where the Dockerfile says what to start, or which signal to send. */
const LIES_IN: ReadonlyMap<FindingCode, 'command' | 'stopSignal'> = new Map([
  ['SHELL_IS_PID1', 'command'],
  ['SIGNAL_NOT_FORWARDED', 'command'],
  ['NAMESPACE_TEARDOWN', 'command'],
  ['WRONG_STOP_SIGNAL', 'stopSignal'],
]);

/** Adds to a cause the line of the Dockerfile that it lies in (`args.at`), where the target was built from one. */
export function withPlace(finding: Finding, observation: Observation): Finding {
  const liesIn = LIES_IN.get(finding.code);
  if (liesIn === undefined || isMendedElsewhere(finding)) return finding;
  const found = liesIn === 'command' ? commandIn(observation, finding) : stopSignalIn(observation);
  const file = observation.image.dockerfile?.file;
  if (found === null || found.line === null || file === undefined) return finding;
  const at = `${file}:${found.line}`;
  const advice = [finding.advice, whereItSays(found.instruction, at)].filter((text) => text !== null).join(' ');
  return { ...finding, advice, args: { ...finding.args, at } };
}

/** In a supervisor's configuration, or in a primary that has to wait for its workers. */
function isMendedElsewhere({ args }: Finding): boolean {
  return args['isSupervised'] === true || args['what'] === 'workers';
}

interface Found {
  readonly instruction: string;
  readonly line: number | null;
}

/** The instruction that starts what the cause is about; null where the plan has put another in its place. */
function commandIn(observation: Observation, finding: Finding): Found | null {
  const { dockerfile } = observation.image;
  const { entrypoint, command } = observation.plan.container;
  if (entrypoint !== null || !dockerfile) return null;
  if (dockerfile.entrypointLine !== null && startsInEntrypoint(observation, finding)) {
    return { instruction: 'ENTRYPOINT', line: dockerfile.entrypointLine };
  }
  return command === null ? { instruction: 'CMD', line: dockerfile.commandLine } : null;
}

/** Not where the entrypoint is but an init, or has left its place to the command. */
function startsInEntrypoint({ target }: Observation, { args }: Finding): boolean {
  const [first, ...rest] = target.entrypoint ?? [];
  if (first === undefined || target.command === null) return first !== undefined;
  const isOnlyInit = roleOf({ command: first }) === 'init' && rest.every((word) => word.startsWith('-'));
  const isShellInCommand = shellFormIn(target)?.instruction === 'CMD';
  const running = args['pid1'] ?? args['app'];
  const isRunning = typeof running === 'string' && running.includes(baseName(first));
  return isRunning && !isOnlyInit && !isShellInCommand;
}

function stopSignalIn({ image, plan }: Observation): Found | null {
  const line = image.dockerfile?.stopSignalLine ?? null;
  return plan.container.stopSignal === null ? { instruction: 'STOPSIGNAL', line } : null;
}
