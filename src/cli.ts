#!/usr/bin/env node
/*
 * Hardly anything is imported statically: what is loaded later may use syntax that an older Node cannot read, and such a
 * Node has to get as far as saying so.
 */
import type { Command, Ending } from './commands/command.ts';
import { isNewEnough, NEEDED_NODE } from './node-version.ts';

/** After an interruption, or an error that nobody caught, so long for the rest to clean up. */
const CLEAN_UP_LIMIT_MS = 10_000;

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  rollout: async () => (await import('./commands/rollout.ts')).rolloutCommand,
  budget: async () => (await import('./commands/budget.ts')).budgetCommand,
  exec: async () => (await import('./commands/exec.ts')).execCommand,
  scenarios: async () => (await import('./commands/scenarios.ts')).scenariosCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  init: async () => (await import('./commands/init.ts')).initCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  lint: async () => (await import('./commands/lint.ts')).lintCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
};

/** The exit code of the program; decided here alone, of a result by `exitCodeFor`. */
async function main(args: readonly string[]): Promise<number> {
  if (!isNewEnough(process.version)) {
    process.stderr.write(`shutdown-check needs Node ${NEEDED_NODE}, and this is Node ${process.version}.\n`);
    return 2;
  }
  const abort = new AbortController();
  const interruption = listenForSignals(abort);
  try {
    const ending = await dispatch(args, abort.signal);
    return interruption.exitCode() ?? (await exitCodeOf(ending));
  } catch (thrown) {
    if (interruption.exitCode() === null) await explain(thrown, args.includes('--verbose'));
    return interruption.exitCode() ?? 2;
  }
}

async function dispatch(args: readonly string[], abort: AbortSignal): Promise<Ending> {
  const [first, ...rest] = args[0] === 'help' ? [args[1] ?? '--help', ...args.slice(1, 2).map(() => '--help')] : args;
  if (first === '--version') return tell(`${await version()}\n`);
  if (first === undefined || first === '--help' || first === '-h') {
    const { TOP_HELP } = await import('./commands/help.ts');
    return tell(TOP_HELP);
  }
  if (!Object.hasOwn(COMMANDS, first)) throw await unknownCommand(first);
  const command = await COMMANDS[first]?.();
  return command ? command(rest, abort) : tell('');
}

async function exitCodeOf(ending: Ending): Promise<number> {
  if (ending.kind === 'told') return 0;
  if (ending.kind === 'doctor') return ending.result.can.run || ending.result.can.exec ? 0 : 2;
  if (ending.kind === 'lint') return ending.result.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  if (ending.kind === 'run' && ending.isIncomplete) return 2;
  const { exitCodeFor } = await import('./exit-code.ts');
  return exitCodeFor(ending.result);
}

/** Bad usage and the like in words; anything else is a bug of ours, and says so. */
async function explain(thrown: unknown, verbose: boolean): Promise<void> {
  const { CannotRunError, messageOf } = await import('./errors.ts');
  if (thrown instanceof CannotRunError) {
    const [{ errorText }, { withoutCommands }] = await Promise.all([
      import('./report/error-text.ts'),
      import('./commands/workflow-log.ts'),
    ]);
    process.stderr.write(withoutCommands(errorText(thrown), process.env));
    return;
  }
  process.stderr.write(`This is a bug in shutdown-check: ${messageOf(thrown)}\n`);
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  process.stderr.write(verbose && stack ? `${stack}\n` : 'Add --verbose to see where it happened.\n');
}

/** The first signal asks everything to clean up; a second one leaves at once, and the watcher cleans up. */
function listenForSignals(abort: AbortController): { readonly exitCode: () => number | null } {
  let exitCode: number | null = null;
  const onSignal = (code: number, name: string): void => {
    if (exitCode !== null) process.exit(code);
    exitCode = code;
    process.stderr.write(`\n${name}: removing what this run made. Again, to leave at once.\n`);
    abort.abort();
    // An engine that does not answer must not keep us; what is left then, the watcher removes.
    setTimeout(() => process.exit(code), CLEAN_UP_LIMIT_MS);
  };
  // Such an error would end Node with exit code 1, which here means that the container failed.
  const onBug = (thrown: unknown): void => {
    exitCode = 2;
    abort.abort();
    setTimeout(() => process.exit(2), CLEAN_UP_LIMIT_MS);
    void explain(thrown, process.argv.includes('--verbose'));
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
  process.on('SIGINT', () => onSignal(130, 'Interrupted'));
  process.on('SIGTERM', () => onSignal(143, 'Terminated'));
  return { exitCode: () => exitCode };
}

async function unknownCommand(name: string): Promise<Error> {
  const [{ CannotRunError }, { nearest }] = await Promise.all([import('./errors.ts'), import('./plan/nearest.ts')]);
  const meant = nearest(name, Object.keys(COMMANDS));
  const isTarget = meant === null && /[./:]|dockerfile/i.test(name) && !name.startsWith('-');
  const guess = meant ? ` Did you mean ${meant}?` : '';
  return new CannotRunError(`There is no ${name.startsWith('-') ? 'flag' : 'command'} ${name}.${guess}`, {
    nextStep: isTarget ? `To check it: shutdown-check run ${name}` : 'See: shutdown-check --help',
  });
}

async function version(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { readonly version: string }).version;
}

function tell(text: string): Ending {
  process.stdout.write(text);
  return { kind: 'told' };
}

// A reader that has seen enough (`| head`) closes the pipe; that is no error of ours.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const exitCode = await main(process.argv.slice(2));
// An exit while something is still being written would cut it short; a socket left open must not hold us up.
process.stderr.write('', () => process.stdout.write('', () => process.exit(exitCode)));
