import { isPackageManager, isTitle, roleOf } from '../diagnosis/processes.ts';
import { shellFormIn } from '../image/shell-form.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import { forShell, fromShell } from '../plan/filled-in.ts';
import type { ProcessRecord, RunRecord } from '../result.ts';
import type { ExecForm } from './change.ts';

/** Why there is no exec form to try; `because` continues "Not tried: …". */
interface NoExecForm {
  readonly instruction: ExecForm['instruction'];
  readonly because: string;
}

/** The target's own command without the shell or npm in front, or why not; null where neither stands there. */
export function execFormOf(run: RunRecord): ExecForm | NoExecForm | null {
  const form = shellFormIn(run.target);
  if (form === null) return withoutForm(run);
  // A shell that replaced itself by its command is out of the way already.
  if (run.processes.length > 0 && !run.processes.some(isShell)) return null;
  const { instruction, before, text } = form;
  const { filledIn } = run.plan.resolved.container;
  const parsed = parseShellWords(forShell(text, filledIn));
  if (parsed.kind === 'needsShell') {
    const because = `\`${text}\` needs its shell: ${parsed.because}. Put \`exec\` before its last command`;
    return { instruction, because };
  }
  const words = asCommand(parsed).map((word) => fromShell(word, filledIn));
  return withoutWhatStandsBefore(run, instruction, [...before, ...words]);
}

function withoutWhatStandsBefore(
  { plan, target }: RunRecord,
  instruction: ExecForm['instruction'],
  command: readonly string[],
): ExecForm {
  const { container } = plan.resolved;
  return {
    remedy: 'exec-form',
    instruction,
    command,
    isPlanned: (instruction === 'CMD' ? container.command : container.entrypoint) !== null,
    clearsCommand: instruction === 'ENTRYPOINT' && target.command !== null,
  };
}

/** No shell is given commands: it runs a script, or a program of another kind stands in front of the app. */
function withoutForm(run: RunRecord): ExecForm | NoExecForm | null {
  const { processes, target } = run;
  const pid1 = processes.find(({ isPid1 }) => isPid1);
  if (pid1 === undefined) return null;
  const first = roleOf(pid1) === 'init' ? processes.find(({ ppid }) => ppid === pid1.pid) : pid1;
  if (first !== undefined && isPackageManager(first)) return withoutPackageManager(run, first);
  const instruction = target.entrypoint === null ? 'CMD' : 'ENTRYPOINT';
  if (roleOf(pid1) === 'wrapper') return { instruction, because: isNoShell(pid1) };
  if (first === undefined || !isShell(first)) return null;
  const script = first.command.split(/\s+/).find((word, nth) => nth > 0 && !word.startsWith('-'));
  return { instruction, because: `\`${script ?? first.command}\` is a script; put \`exec\` before its last command` };
}

/** What npm and its like run in the end, as it was seen to run: without what they add to its environment. */
function withoutPackageManager(run: RunRecord, manager: ProcessRecord): ExecForm | NoExecForm {
  const { command } = run.target;
  const instruction = command !== null && isPackageManager({ command: command.join(' ') }) ? 'CMD' : 'ENTRYPOINT';
  const app = onlyAppBelow(manager, run.processes);
  if (app === null || isTitle(app.command)) return { instruction, because: isNoShell(manager) };
  return withoutWhatStandsBefore(run, instruction, app.command.split(/\s+/));
}

/** Below shells and wrappers that have one child each; null where there is none, or several. */
function onlyAppBelow(above: ProcessRecord, processes: readonly ProcessRecord[]): ProcessRecord | null {
  const [child, ...others] = processes.filter(({ ppid }) => ppid === above.pid);
  if (child === undefined || others.length > 0) return null;
  return roleOf(child) === 'app' ? child : onlyAppBelow(child, processes);
}

function isNoShell({ command }: ProcessRecord): string {
  return `\`${command}\` is no shell; name the app's own program in its place`;
}

function isShell(process: ProcessRecord): boolean {
  return roleOf(process) === 'shell';
}
