import { drainSignalOf } from '../diagnosis/known-software.ts';
import { baseName, roleOf } from '../diagnosis/processes.ts';
import { oneLine } from '../image/dockerfile.ts';
import { placeInText } from '../image/place.ts';
import { canBeHandled, signalName } from '../signals.ts';
import type { LintFinding } from './finding.ts';
import { initBefore, type Material, nameOf, programOf, type Rule, say, textOf } from './material.ts';
import { packageScript, startsApp } from './package-manager.ts';
import { listOf, withExec } from './remedies.ts';
import { readShell } from './shell-reading.ts';
import { SHELL_RULES } from './shell-rules.ts';

/** Everything that the files tell, in the order of the codes. */
export function judge(material: Material): readonly LintFinding[] {
  return RULES.flatMap((rule) => rule(material));
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
      command: oneLine(first.text),
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
  // npm itself passes the signal on and waits: it is the shell of its script that does not.
  if (command !== null && baseName(program.first.text) === 'npm' && givesUpItsShell(command.command)) return [];
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

function givesUpItsShell(text: string): boolean {
  const { endings } = readShell(text);
  return endings.length > 0 && endings.every(({ kind }) => kind === 'exec');
}

const supervisor: Rule = ({ steps }) => {
  const program = programOf(steps);
  if (program === null || roleOf({ command: textOf(program.words) }) !== 'wrapper') return [];
  const name = baseName(program.first.text);
  return /^(supervisord|pm2|pm2-runtime|nodemon)$/.test(name)
    ? [say('warning', 'SUPERVISOR_AS_PID1', program.first.place, { supervisor: name, written: textOf(program.words) })]
    : [];
};

const uncatchableStopSignal: Rule = ({ image: { stopSignal: set } }) => {
  const signal = set === null || set.signal === null ? null : signalName(set.signal);
  if (set === null || signal === null || canBeHandled(signal)) return [];
  return [say('error', 'UNCATCHABLE_STOPSIGNAL', set.place, { written: set.text, signal })];
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
  ...SHELL_RULES,
  scriptWithoutExec,
  scriptUnread,
  packageManager,
  supervisor,
  uncatchableStopSignal,
  stopSignal,
  commandInherited,
];
