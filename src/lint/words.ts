import type { KnownBase } from './base-image.ts';
import type { LintCode } from './finding.ts';
import type { Kept } from './shell-reading.ts';

interface Words {
  readonly message: string;
  readonly advice: string | null;
  readonly couldNotKnow: string | null;
}

/** How a shell in front of the app is told: what it is, whether it stays, and what to write in its place. */
interface ShellArgs {
  /** As written: `CMD node server.js`. */
  readonly written: string;
  readonly isShellForm: boolean;
  readonly shell: string;
  /** The command that the shell starts. */
  readonly command: string;
  readonly kept: Kept | null;
  /** What the base image's name tells of its shell, where it is a matter of that. */
  readonly knownShell: KnownBase['shell'];
  /** The Dockerfile itself says which shell it is. */
  readonly isNamed: boolean;
  readonly base: string;
  /** null where another finding says what to write. */
  readonly remedy: string | null;
}

const KEPT: Readonly<Record<Kept, string>> = {
  pipeline: 'a pipeline keeps the shell, whichever it is',
  or: '`||` keeps the shell, whichever it is: it waits to see how the command ends',
  background: 'the shell waits for what it put in the background',
  loop: 'a loop keeps the shell, whichever it is',
  subshell: 'a command in parentheses leaves the shell around it where it is',
  'more follows': 'more commands follow, and the shell waits to run them',
  trap: 'a trap keeps the shell, and runs only when the command in front has ended',
  negation: 'the shell waits to turn the exit code around',
};

const ONLY_A_RUN = 'what the app itself does with the signal';

/** The sentences of lint's findings, in one place. What they are given is kept beside them as the finding's `args`. */
export const LINT_WORDS = {
  BROKEN_EXEC_FORM: (a: {
    written: string;
    isSingleQuoted: boolean;
    /** The instruction as it was meant; null where that is not sure. */
    meant: string | null;
  }): Words => ({
    message: `${tick(a.written)} looks like exec form, but is no JSON list of strings. The builder silently takes it for shell form, and a shell gets the brackets as its command.`,
    advice: a.isSingleQuoted
      ? `${a.meant === null ? '' : `Write ${tick(a.meant)}: `}JSON knows only double quotes.`
      : 'Put every word in double quotes, with commas between them and none after the last; write a backslash twice.',
    couldNotKnow: null,
  }),
  NO_SHELL_IN_IMAGE: (a: { written: string; shell: string; base: string; list: string | null }): Words => ({
    message: `${tick(a.written)} is shell form, and in an image on ${tick(a.base)} there is no ${tick(a.shell)} to run it: the container does not start.`,
    advice: a.list === null ? 'Write it in exec form.' : `Write ${tick(a.list)}.`,
    couldNotKnow: null,
  }),
  SHELL_FORM: (a: ShellArgs & { ignoredCommandLine: number | null }): Words => ({
    message: `${tick(a.written)} ${a.isShellForm ? `is shell form: ${tick(a.shell)}` : 'starts a shell, which'} becomes PID 1 and starts ${tick(a.command)}. ${whetherItStays(a)}${a.ignoredCommandLine === null ? '' : ` An ENTRYPOINT in shell form also leaves out the CMD of line ${a.ignoredCommandLine}.`}`,
    advice: a.remedy,
    couldNotKnow: unknownOfShell(a),
  }),
  SHELL_FORM_AS_ARGUMENTS: (a: { written: string; entrypoint: string; shell: string; list: string | null }): Words => ({
    message: `${tick(a.written)} is shell form, so ${tick(a.entrypoint)} gets the words ${tick(a.shell)} and the text as its arguments. No shell runs them.`,
    advice: a.list === null ? 'Write the arguments in exec form.' : `Write \`CMD ${a.list}\`.`,
    couldNotKnow: `whether ${tick(a.entrypoint)} runs its arguments as a command`,
  }),
  INIT_BEFORE_SHELL: (a: ShellArgs & { init: string; toGroup: boolean }): Words => ({
    message: `${tick(a.init)} passes the signal to the shell that runs ${tick(a.written)}${a.toGroup ? ' and to all behind it' : ', and to nobody else'}. ${ifItStays(a)}he shell dies of it at once, ${tick(a.init)} leaves with it, and the kernel kills ${tick(a.command)}${a.toGroup ? ', which had only begun to drain' : ' with everything in flight'}. It looks clean: the stop is fast, and no SIGKILL comes from the engine.`,
    advice: a.remedy,
    couldNotKnow: unknownOfShell(a),
  }),
  SCRIPT_WITHOUT_EXEC: (a: {
    script: string;
    /** Where the Dockerfile names it: `Dockerfile:7`. */
    namedAt: string;
    command: string;
    kept: Kept | null;
    isTrapInFront: boolean;
    onlySomeBranches: boolean;
    init: string | null;
    fix: string;
  }): Words => ({
    message: `${tick(a.script)} (${a.namedAt}) starts ${tick(a.command)} without \`exec\`${a.onlySomeBranches ? ' in one of its branches' : ''}, so its shell ${
      a.init === null
        ? 'stays PID 1 and passes no signal on: the app never learns of the stop'
        : `gets the signal from ${tick(a.init)}, dies of it, and the kernel kills the app with everything in flight`
    }.${a.isTrapInFront ? ' Its trap does not help: a shell runs a trap only when the command in front has ended.' : reason(a.kept)}`,
    advice: a.fix,
    couldNotKnow: a.onlySomeBranches ? 'which branch the container takes' : ONLY_A_RUN,
  }),
  SCRIPT_TRAPS: (a: { script: string; trap: string }): Words => ({
    message: `${tick(a.script)} stays in front of the app, traps the signal (${tick(a.trap)}) and waits. That is right only if the trap passes the signal on and the script then waits until the app has ended: the signal ends the first \`wait\`, so it takes a second one.`,
    advice:
      'Where the script has nothing to do after the app has ended, start the app with `exec`: then nothing has to be passed on.',
    couldNotKnow: 'whether the trap does that, and whether there is a second `wait`, in it or after the first',
  }),
  SCRIPT_UNREAD: (a: { script: string; because: string }): Words => ({
    message: `The container starts through ${tick(a.script)}, which lint has not read: ${a.because}.`,
    advice: null,
    couldNotKnow: 'whether it starts the app with `exec`; lint goes on as if it ended with `exec "$@"`',
  }),
  PACKAGE_MANAGER_AS_PID1: (a: {
    manager: string;
    written: string;
    init: string | null;
    isDebian: boolean;
    base: string;
    /** What package.json's script says; null where that was not found. */
    script: { readonly name: string; readonly command: string } | null;
    remedy: string | null;
  }): Words => ({
    message: `${tick(a.written)} puts ${a.manager} between ${a.init === null ? 'the engine' : tick(a.init)} and the app. ${managerFacts(a.manager)}${a.script === null ? '' : ` The script ${JSON.stringify(a.script.name)} in package.json is ${tick(a.script.command)}.`}`,
    advice:
      a.remedy ??
      (a.script === null
        ? 'Start the app itself, such as `CMD ["node", "server.js"]`: the command is in package.json under `scripts`.'
        : `Start ${tick(a.script.command)} without ${a.manager}, from a script that ends with \`exec\`.`),
    couldNotKnow: unknownOfManager(a),
  }),
  SUPERVISOR_AS_PID1: (a: { supervisor: string; written: string }): Words => ({
    message: `${tick(a.written)} puts ${a.supervisor} in front of the app: how the app is told to stop, and how long it gets, is ${a.supervisor}'s own affair.${supervisorFacts(a.supervisor)}`,
    advice:
      'Start the app itself, a container for each. Otherwise give its stop signal and its time to stop (supervisord: `stopsignal`, `stopwaitsecs`; pm2: `kill_timeout`), less than the grace period.',
    couldNotKnow: `${a.supervisor}'s configuration`,
  }),
  UNCATCHABLE_STOPSIGNAL: (a: { written: string; signal: string }): Words => ({
    message: `${tick(`STOPSIGNAL ${a.written}`)}: no program can handle ${a.signal}, so none can drain on it, and all that is in flight is lost.`,
    advice: 'Leave STOPSIGNAL out, for SIGTERM, or name the signal on which the app drains.',
    couldNotKnow: null,
  }),
  NO_STOPSIGNAL: (a: {
    software: string;
    drainsOn: string;
    also: string | null;
    base: string;
    isCertain: boolean;
  }): Words => ({
    message: `${a.software} drops what is in flight on SIGTERM, and no STOPSIGNAL says otherwise.`,
    advice: `Add \`STOPSIGNAL ${a.drainsOn}\`: on that it drains.${a.also === null ? '' : ` ${a.also}`}`,
    couldNotKnow: a.isCertain ? null : `whether the base image ${tick(a.base)} sets one`,
  }),
  WRONG_STOP_SIGNAL: (a: {
    software: string;
    signal: string;
    drainsOn: string;
    also: string | null;
    /** The base image that sets it; null: this Dockerfile does. */
    from: string | null;
  }): Words => ({
    message: `${a.software} drops what is in flight on ${a.signal}${a.from === null ? '' : `, the STOPSIGNAL that the base image ${tick(a.from)} sets`}; it drains on ${a.drainsOn}.`,
    advice: `Write \`STOPSIGNAL ${a.drainsOn}\`.${a.also === null ? '' : ` ${a.also}`}`,
    couldNotKnow: null,
  }),
  COMMAND_INHERITED: (a: { base: string }): Words => ({
    message: `What the container starts comes from the base image ${tick(a.base)}, which lint does not look into.`,
    advice: null,
    couldNotKnow: 'its entrypoint and command',
  }),
} as const satisfies Readonly<Record<LintCode, (args: never) => Words>>;

function whetherItStays({ kept, knownShell, isNamed, command }: ShellArgs): string {
  const passesNothing = `It passes no signal on, so ${tick(command)} never learns of the stop.`;
  if (kept !== null) return `It stays: ${KEPT[kept]}. ${passesNothing}`;
  if (knownShell === 'dash') return `Debian's shell, dash, stays. ${passesNothing}`;
  if (isNamed && knownShell !== null) {
    return `${knownShell} gives its place up to the last command, so the signal reaches the app; with one more command after it, or a pipe, it stays.`;
  }
  return "Whether it stays depends on the shell: Debian's (dash) stays and passes no signal on, busybox ash and bash give their place up to the last command.";
}

/** The beginning of a sentence whose next letters are "he shell". */
function ifItStays({ kept, knownShell }: ShellArgs): string {
  return kept !== null || knownShell === 'dash' ? 'T' : 'Where that shell stays (dash; not busybox ash, not bash), t';
}

function unknownOfShell({ kept, knownShell, isNamed, base }: ShellArgs): string {
  if (kept !== null) return ONLY_A_RUN;
  if (isNamed && knownShell === 'bash') return 'which version of bash it is (looked at was 5)';
  if (isNamed && knownShell === 'ash') return 'which version of busybox it is (it does so from 1.28 on)';
  if (knownShell === null)
    return `which shell the base image ${tick(base)} has, and whether it has an entrypoint of its own`;
  if (knownShell === 'dash') return `whether the base image ${tick(base)} has Debian's own shell, as its name says`;
  return `whether the base image ${tick(base)} has ${knownShell === 'ash' ? "busybox's shell" : 'bash for its shell'}, as its name says; then this is harmless`;
}

function reason(kept: Kept | null): string {
  return kept === null || kept === 'more follows' || kept === 'trap' ? '' : ` (${KEPT[kept]}.)`;
}

function managerFacts(manager: string): string {
  if (manager.startsWith('pnpm'))
    return 'pnpm passes the signal on, but does not wait: it exits 1 after 0.1 s, and the app is killed with it.';
  if (manager.startsWith('yarn'))
    return 'With yarn 1 on Debian the app gets no signal: yarn exits 1 after 60 ms, and the kernel kills the app.';
  return 'With npm 7 to 11 on Debian the app gets no signal: npm exits 1 after about 0.6 s and the kernel kills the app, or npm ignores the signal (9.9, 10.2) until SIGKILL.';
}

function unknownOfManager(a: { manager: string; isDebian: boolean; base: string; script: unknown }): string {
  const shell = `which shell the base image ${tick(a.base)} has (that was measured on Debian; one that gives its place up lets npm's signal through)`;
  const script = 'what its script is: npm passes the signal on to one that begins with `exec`';
  return [
    'which version it is',
    ...(a.isDebian ? [] : [shell]),
    ...(a.script === null && a.manager === 'npm' ? [script] : []),
  ].join('; ');
}

function supervisorFacts(supervisor: string): string {
  return supervisor.startsWith('pm2') ? ' By itself pm2-runtime sends SIGINT, and kills after 1.6 s.' : '';
}

function tick(text: string): string {
  return `\`${text}\``;
}
