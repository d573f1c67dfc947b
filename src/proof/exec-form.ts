import { roleOf } from '../diagnosis/processes.ts';
import { shellFormIn } from '../image/shell-form.ts';
import { asCommand, parseShellWords } from '../image/shell-words.ts';
import type { ProcessRecord, RunRecord } from '../result.ts';
import type { ExecForm } from './change.ts';

/** Why there is no exec form to try; `because` continues "Not tried: …". */
interface NoExecForm {
  readonly instruction: ExecForm['instruction'];
  readonly because: string;
}

/** The target's own command without its shell, or why not; null where no shell stands before the app. */
export function execFormOf(run: RunRecord): ExecForm | NoExecForm | null {
  const form = shellFormIn(run.target);
  if (form === null) return withoutForm(run);
  // A shell that replaced itself by its command is out of the way already.
  if (run.processes.length > 0 && !run.processes.some(isShell)) return null;
  const { instruction, before, text } = form;
  const parsed = parseShellWords(text);
  if (parsed.kind === 'needsShell') {
    const because = `\`${text}\` needs its shell: ${parsed.because}. Put \`exec\` before its last command`;
    return { instruction, because };
  }
  const { entrypoint, command } = run.plan.resolved.container;
  return {
    remedy: 'exec-form',
    instruction,
    command: [...before, ...asCommand(parsed)],
    isPlanned: (instruction === 'CMD' ? command : entrypoint) !== null,
    clearsCommand: instruction === 'ENTRYPOINT' && run.target.command !== null,
  };
}

/** No shell is given commands: it runs a script, or a program of another kind stands in front of the app. */
function withoutForm({ processes, target }: RunRecord): NoExecForm | null {
  const instruction = target.entrypoint === null ? 'CMD' : 'ENTRYPOINT';
  const pid1 = processes.find(({ isPid1 }) => isPid1);
  if (pid1 === undefined) return null;
  if (roleOf(pid1) === 'wrapper') {
    return { instruction, because: `\`${pid1.command}\` is no shell; name the app's own program in its place` };
  }
  const first = roleOf(pid1) === 'init' ? processes.find(({ ppid }) => ppid === pid1.pid) : pid1;
  if (first === undefined || !isShell(first)) return null;
  const script = first.command.split(/\s+/).find((word, nth) => nth > 0 && !word.startsWith('-'));
  return { instruction, because: `\`${script ?? first.command}\` is a script; put \`exec\` before its last command` };
}

function isShell(process: ProcessRecord): boolean {
  return roleOf(process) === 'shell';
}
