import type { ProcessFacts } from '../engines/engine.ts';
import type { Evidence } from './evidence.ts';
import { catches, roleOf, wrapperName } from './processes.ts';
import { withoutShell, withoutWrapper } from './remedy.ts';
import { leftItsWorkers } from './who-left-first.ts';

const WAIT_IN_TRAP =
  'wait: `trap \'kill -TERM "$child"; wait "$child"\' TERM`, with the app in the background (`&`, `child=$!`, then `wait "$child"`).';

/** What to change so that PID 1 is the last to leave, by who left too early. */
export function lastToLeave(evidence: Evidence): string {
  const { app, pid1, between, observation } = evidence;
  if (app === null || pid1 === null) return 'Let PID 1 leave last.';
  if (leftItsWorkers(app, observation))
    return "Let the primary leave last: pass the signal on to every worker, and exit when the last of them has (Node: count `cluster.on('exit')`), not before.";
  const wrapper = between.map(wrapperName).find((name) => name !== null);
  if (wrapper !== undefined) return withoutWrapper(wrapper, app.command, observation.plan);
  const trap = [pid1, ...between].find((one) => roleOf(one) === 'shell' && catches(one, observation.target.stopSignal));
  if (trap)
    return `Let the trap${inScript(trap)} ${WAIT_IN_TRAP} Or start the app with \`exec\`, and do without the trap.`;
  return withoutShell(observation, app.command);
}

/** The file that the trap stands in, where the shell runs one. */
function inScript({ command }: Pick<ProcessFacts, 'command'>): string {
  const [, script = ''] = command.trim().split(/\s+/);
  return script === '' || script.startsWith('-') ? '' : ` in \`${script}\``;
}
