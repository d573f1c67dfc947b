import { baseName } from '../diagnosis/processes.ts';
import type { KnownBase } from './base-image.ts';
import type { LintFinding } from './finding.ts';
import { foundInit, nameOf, programOf, type Rule, say, writtenOf } from './material.ts';
import type { Step } from './launch.ts';
import { startsApp } from './package-manager.ts';
import { listOf, withoutShell } from './remedies.ts';
import type { Kept } from './shell-reading.ts';
import { type CommandLine, jsonWords } from '../image/command-line.ts';
import { originOf } from '../image/copy.ts';
import { oneLine } from '../image/dockerfile.ts';
import type { EffectiveImage } from '../image/effective.ts';
import { execForm } from '../image/shell-form.ts';

type ShellStep = Extract<Step, { kind: 'shell' }>;

const brokenExecForm: Rule = ({ image }) =>
  [image.entrypoint, image.command].flatMap((command) =>
    command?.form === 'broken'
      ? say('error', 'BROKEN_EXEC_FORM', command.textPlace, {
          written: writtenOf(command),
          isSingleQuoted: command.text.includes("'") && !command.text.includes('"'),
          meant: inDoubleQuotes(command),
        })
      : [],
  );

/** `CMD ['node', 'a.js']` as exec form; null where more is wrong with it than its quotes. */
function inDoubleQuotes({ keyword, text }: CommandLine): string | null {
  const words = jsonWords(text.replaceAll("'", '"'));
  return words && `${keyword} ${execForm(words.map((word) => word.text))}`;
}

/** Shell form where nothing brings a shell into the image. */
const noShell: Rule = ({ image, base, steps }) =>
  steps.flatMap((step) => {
    if (step.kind !== 'shell' || !isWithoutShell(step, image, base)) return [];
    const { command, place } = step;
    const list = listOf(command.text);
    return say('error', 'NO_SHELL_IN_IMAGE', place, {
      written: writtenOf(command),
      shell: step.shell,
      base: nameOf(image),
      list: list === null ? null : `${command.keyword} ${list}`,
    });
  });

function isWithoutShell({ command, shell }: ShellStep, { copies }: EffectiveImage, base: KnownBase): boolean {
  return base.shell === 'none' && command.form === 'shell' && originOf(shell, copies) === null;
}

/** A shell that runs a text, as PID 1 or behind an init. */
const shellInFront: Rule = ({ image, base, steps }) =>
  steps.flatMap((step, index) => {
    if (step.kind !== 'shell' || step.command.form === 'broken' || isWithoutShell(step, image, base)) return [];
    const { reading, command, place } = step;
    const stays =
      reading.endings.find(({ kind }) => kind === 'kept') ?? reading.endings.find(({ kind }) => kind === 'last');
    if (stays === undefined) return [];
    const written = writtenOf(command);
    if (reading.trap !== null && reading.waits) {
      return say('info', 'SCRIPT_TRAPS', place, { script: written, trap: reading.trap.text });
    }
    const knownShell = shellOf(step.shell, base);
    const args = {
      written,
      isShellForm: command.form === 'shell',
      shell: command.shell.join(' '),
      command: oneLine(stays.text),
      kept: stays.kept,
      knownShell,
      isNamed: isNamed(step.shell),
      base: nameOf(image),
      // A package manager is none the better for losing its shell: its own finding says what to start.
      remedy: startsApp(stays.words) ? null : withoutShell(command, reading, stays),
    };
    const severity = severityOf(args);
    const init = foundInit(steps.slice(0, index));
    if (init !== null) {
      return say(severity, 'INIT_BEFORE_SHELL', place, { ...args, init: init.name, toGroup: init.toGroup });
    }
    const isIgnored = command.keyword === 'ENTRYPOINT' && command.form === 'shell' && image.command !== null;
    const ignoredCommandLine = isIgnored ? (image.command?.place.line ?? null) : null;
    return say(severity, 'SHELL_FORM', place, { ...args, ignoredCommandLine });
  });

/** A CMD in shell form behind an entrypoint that is no shell, no init and no script: it ends up among its arguments. */
const shellFormAsArguments: Rule = ({ image, steps }) => {
  const program = programOf(steps);
  const { command } = image;
  if (program === null || command === null || command.form !== 'shell') return [];
  if (!program.words.slice(1).some(({ place }) => place === command.textPlace)) return [];
  return [
    say('warning', 'SHELL_FORM_AS_ARGUMENTS', command.textPlace, {
      written: writtenOf(command),
      entrypoint: program.first.text,
      shell: command.shell.join(' '),
      list: listOf(command.text),
    }),
  ];
};

/** A shell that surely gives its place up is worth a word only: one more command, and it stays. */
function severityOf(args: {
  readonly kept: Kept | null;
  readonly knownShell: KnownBase['shell'];
  readonly isNamed: boolean;
}): LintFinding['severity'] {
  if (args.kept !== null || args.knownShell === 'dash') return 'error';
  return args.isNamed && args.knownShell !== null ? 'info' : 'warning';
}

/** Whether the Dockerfile itself says which shell it is, and not the base image alone. */
function isNamed(shell: string): boolean {
  return baseName(shell) !== 'sh';
}

/** An image's `sh` is what its base says; any other shell says itself what it is. */
function shellOf(shell: string, base: KnownBase): KnownBase['shell'] {
  const name = baseName(shell);
  if (name === 'bash') return 'bash';
  if (name === 'ash' || name === 'busybox') return 'ash';
  // A shell that the image was given by a COPY is any.
  const ofBase = base.shell === 'none' ? null : base.shell;
  return name === 'sh' || (name === 'dash' && ofBase === 'dash') ? ofBase : null;
}

/** What the Dockerfile's own CMD and ENTRYPOINT tell of a shell in front of the app. */
export const SHELL_RULES: readonly Rule[] = [brokenExecForm, noShell, shellInFront, shellFormAsArguments];
