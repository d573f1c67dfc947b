import { roleOf } from '../diagnosis/processes.ts';
import { shellFormIn } from '../image/shell-form.ts';
import { parseShellWords, startedDirectly } from '../image/shell-words.ts';
import type { RunRecord } from '../result.ts';
import type { Change } from './change.ts';

/** The change, or why there is none, continuing "Not tried: …". */
export type ExecForm =
  | { readonly change: Extract<Change, { remedy: 'exec-form' }> }
  | { readonly instruction: 'CMD' | 'ENTRYPOINT'; readonly because: string };

/** The target's own command without its shell; null where no shell stands before the app. */
export function execFormOf(run: RunRecord): ExecForm | null {
  const { entrypoint, command } = run.target;
  const form = shellFormIn([...(entrypoint ?? []), ...(command ?? [])]);
  if (form === null) return withoutForm(run);
  // One that replaced itself by its command is out of the way already.
  if (run.processes.length > 0 && !run.processes.some(isShell)) return null;
  const inEntrypoint = form.before.length < (entrypoint?.length ?? 0);
  const instruction = inEntrypoint ? 'ENTRYPOINT' : 'CMD';
  const words = startedDirectly(form.text);
  if (words === null) return { instruction, because: whyShell(form.text) };
  const { container } = run.plan.resolved;
  const before = inEntrypoint ? form.before : form.before.slice(entrypoint?.length ?? 0);
  const isPlanned = (inEntrypoint ? container.entrypoint : container.command) !== null;
  const clearsCommand = inEntrypoint && command !== null;
  return { change: { remedy: 'exec-form', instruction, command: [...before, ...words], isPlanned, clearsCommand } };
}

function whyShell(text: string): string {
  const parsed = parseShellWords(text);
  return `\`${text}\` needs its shell: ${parsed.kind === 'needsShell' ? parsed.because : 'it says more than one command'}. Put \`exec\` before its last command`;
}

/** No command that is given to a shell: a script, or a program of another kind in front of the app. */
function withoutForm({ processes, target }: RunRecord): ExecForm | null {
  const instruction = target.entrypoint === null ? 'CMD' : 'ENTRYPOINT';
  const pid1 = processes.find(({ isPid1 }) => isPid1);
  if (pid1 && roleOf(pid1) === 'wrapper') {
    return { instruction, because: `\`${pid1.command}\` is no shell; name the app's own program in its place` };
  }
  const first = pid1 && roleOf(pid1) === 'init' ? processes.find(({ ppid }) => ppid === pid1.pid) : pid1;
  if (!first || !isShell(first)) return null;
  const script = first.command.split(/\s+/).find((word, nth) => nth > 0 && !word.startsWith('-'));
  return { instruction, because: `\`${script ?? first.command}\` is a script; put \`exec\` before its last command` };
}

function isShell(process: RunRecord['processes'][number]): boolean {
  return roleOf(process) === 'shell';
}
