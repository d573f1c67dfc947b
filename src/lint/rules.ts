import { baseName, roleOf } from '../diagnosis/processes.ts';
import { drainSignalOf } from '../diagnosis/known-software.ts';
import type { EffectiveImage } from '../image/effective.ts';
import { type Place, type PlacedWord, placeInText } from '../image/place.ts';
import { signalName } from '../signals.ts';
import type { KnownBase } from './base-image.ts';
import type { LintCode, LintFinding } from './finding.ts';
import type { Step } from './launch.ts';
import { packageScript, type PackageScripts, startsApp } from './package-manager.ts';
import { listOf, withExec, withoutShell } from './remedies.ts';
import { LINT_WORDS } from './words.ts';

/** All that the rules look at. */
export interface Material {
  readonly image: EffectiveImage;
  readonly base: KnownBase;
  /** From PID 1 on. */
  readonly steps: readonly Step[];
  /** null where there is no package.json beside the app. */
  readonly scripts: PackageScripts | null;
}

type Rule = (material: Material) => readonly LintFinding[];
type ArgsOf<Code extends LintCode> = Parameters<(typeof LINT_WORDS)[Code]>[0];

function say<Code extends LintCode>(
  severity: LintFinding['severity'],
  code: Code,
  { file, line, column }: Place,
  args: ArgsOf<Code>,
): LintFinding {
  const words = LINT_WORDS[code] as (given: ArgsOf<Code>) => Pick<LintFinding, 'message' | 'advice' | 'couldNotKnow'>;
  return { code, severity, file, line, column, ...words(args), args: { ...args } };
}

/** Everything that the files tell, in the order of the codes. */
export function judge(material: Material): readonly LintFinding[] {
  return RULES.flatMap((rule) => rule(material));
}

const brokenExecForm: Rule = ({ image }) =>
  [image.entrypoint, image.command].flatMap((command) =>
    command?.form === 'broken'
      ? say('error', 'BROKEN_EXEC_FORM', command.textPlace, {
          written: `${command.keyword} ${command.text}`,
          isSingleQuoted: command.text.includes("'") && !command.text.includes('"'),
        })
      : [],
  );

/** A shell that runs a text, as PID 1 or behind an init. */
const shellInFront: Rule = ({ image, base, steps }) =>
  steps.flatMap((step, index) => {
    if (step.kind !== 'shell' || step.command.form === 'broken') return [];
    const { reading, command, place } = step;
    const stays =
      reading.endings.find(({ kind }) => kind === 'kept') ?? reading.endings.find(({ kind }) => kind === 'last');
    if (stays === undefined) return [];
    const written = `${command.keyword} ${command.text}`;
    if (reading.trap !== null && reading.waits) {
      return say('info', 'SCRIPT_TRAPS', place, { script: written, trap: reading.trap.text });
    }
    const knownShell = shellOf(step.shell, base);
    const args = {
      written,
      isShellForm: command.form === 'shell',
      shell: command.shell.join(' '),
      command: stays.text,
      kept: stays.kept,
      knownShell,
      base: nameOf(image),
      // A package manager is none the better for losing its shell: its own finding says what to start.
      remedy: startsApp(stays.words) ? null : withoutShell(command, reading, stays),
    };
    const severity = stays.kept !== null || knownShell === 'dash' ? 'error' : 'warning';
    const init = foundInit(steps.slice(0, index));
    if (init !== null) {
      return say(severity, 'INIT_BEFORE_SHELL', place, { ...args, init: init.name, toGroup: init.toGroup });
    }
    const isIgnored = command.keyword === 'ENTRYPOINT' && command.form === 'shell' && image.command !== null;
    const ignoredCommandLine = isIgnored ? (image.command?.place.line ?? null) : null;
    return say(severity, 'SHELL_FORM', place, { ...args, ignoredCommandLine });
  });

/** An image's `sh` is what its base says; any other shell says itself what it is. */
function shellOf(shell: string, base: KnownBase): KnownBase['shell'] {
  const name = baseName(shell);
  if (name === 'bash') return 'bash';
  if (name === 'ash' || name === 'busybox') return 'ash';
  return name === 'sh' || (name === 'dash' && base.shell === 'dash') ? base.shell : null;
}

/** A script in front of the app, as PID 1 or behind an init. */
const scriptWithoutExec: Rule = ({ steps }) =>
  steps.flatMap((step, index) => {
    if (step.kind !== 'script') return [];
    const { word, reading, text, file } = step;
    const without = reading.endings.filter(({ kind }) => kind === 'last' || kind === 'kept');
    const [first] = without;
    if (first === undefined) return [];
    if (reading.trap !== null && reading.waits) {
      const place = placeInText(text, reading.trap.at, file);
      return say('info', 'SCRIPT_TRAPS', place, { script: file, trap: reading.trap.text });
    }
    const onlySomeBranches = without.length < reading.endings.length;
    return say(onlySomeBranches ? 'warning' : 'error', 'SCRIPT_WITHOUT_EXEC', placeInText(text, first.at, file), {
      script: file,
      namedAt: `${word.place.file}:${word.place.line}`,
      command: first.text,
      kept: first.kept,
      isTrapInFront: reading.trap !== null,
      onlySomeBranches,
      init: initBefore(steps, index),
      fix: withExec(first),
    });
  });

const scriptUnread: Rule = ({ steps }) =>
  steps.flatMap((step) =>
    step.kind === 'unread'
      ? say('info', 'SCRIPT_UNREAD', step.word.place, { script: step.word.text, because: step.because })
      : [],
  );

const packageManager: Rule = ({ image, base, steps, scripts }) => {
  const program = programOf(steps);
  if (program === null || !startsApp(program.words)) return [];
  const command = packageScript(program.words, scripts);
  const remedy = command === null ? null : listOf(command.command);
  return [
    say(base.shell === 'dash' ? 'error' : 'warning', 'PACKAGE_MANAGER_AS_PID1', program.first.place, {
      manager: baseName(program.first.text),
      written: textOf(program.words),
      init: initBefore(steps, steps.length - 1),
      isDebian: base.shell === 'dash',
      base: nameOf(image),
      script: command,
      remedy: remedy === null ? null : `Write \`CMD ${remedy}\` instead of \`${textOf(program.words)}\`.`,
    }),
  ];
};

const supervisor: Rule = ({ steps }) => {
  const program = programOf(steps);
  if (program === null || roleOf({ command: textOf(program.words) }) !== 'wrapper') return [];
  const name = baseName(program.first.text);
  return /^(supervisord|pm2|pm2-runtime|nodemon)$/.test(name)
    ? [say('warning', 'SUPERVISOR_AS_PID1', program.first.place, { supervisor: name, written: textOf(program.words) })]
    : [];
};

const stopSignal: Rule = ({ image, base, steps }) => {
  const program = programOf(steps);
  const isInherited = image.command === null && image.entrypoint === null;
  const command = program ? textOf(program.words) : isInherited ? base.program : null;
  const known = command === null ? null : drainSignalOf({ command });
  if (known === null) return [];
  const about = { software: known.software, drainsOn: known.drainsOn, also: known.also };
  if (image.stopSignal !== null) {
    const signal = image.stopSignal.signal === null ? null : signalName(image.stopSignal.signal);
    if (signal === null || !known.dropsOn.includes(signal)) return [];
    return [say('error', 'WRONG_STOP_SIGNAL', image.stopSignal.place, { ...about, signal, from: null })];
  }
  const inForce = base.stopSignal === null || base.stopSignal === 'none' ? 'SIGTERM' : base.stopSignal;
  if (!known.dropsOn.includes(inForce)) return [];
  if (base.stopSignal !== null && base.stopSignal !== 'none') {
    return [say('error', 'WRONG_STOP_SIGNAL', image.base.place, { ...about, signal: inForce, from: nameOf(image) })];
  }
  const isCertain = base.stopSignal === 'none';
  const place = program?.first.place ?? image.base.place;
  return [say(isCertain ? 'error' : 'warning', 'NO_STOPSIGNAL', place, { ...about, base: nameOf(image), isCertain })];
};

const commandInherited: Rule = ({ image, base }) =>
  image.command === null && image.entrypoint === null && base.program === null
    ? [say('info', 'COMMAND_INHERITED', image.base.place, { base: nameOf(image) })]
    : [];

const RULES: readonly Rule[] = [
  brokenExecForm,
  shellInFront,
  scriptWithoutExec,
  scriptUnread,
  packageManager,
  supervisor,
  stopSignal,
  commandInherited,
];

/** The program at the end, where lint could follow so far. */
function programOf(
  steps: readonly Step[],
): { readonly words: readonly PlacedWord[]; readonly first: PlacedWord } | null {
  const last = steps.at(-1);
  const first = last?.kind === 'program' ? last.words[0] : undefined;
  return last?.kind === 'program' && first ? { words: last.words, first } : null;
}

/** The init in front of a step, by its name. */
function initBefore(steps: readonly Step[], index: number): string | null {
  return foundInit(steps.slice(0, index))?.name ?? null;
}

function foundInit(steps: readonly Step[]): { readonly name: string; readonly toGroup: boolean } | null {
  const found = steps.find((step) => step.kind === 'init');
  return found?.kind === 'init' ? { name: baseName(found.word.text), toGroup: found.toGroup } : null;
}

function nameOf({ base }: EffectiveImage): string {
  return base.reference ?? base.text;
}

function textOf(words: readonly PlacedWord[]): string {
  return words.map(({ text }) => text).join(' ');
}
