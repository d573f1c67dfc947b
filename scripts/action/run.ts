/** The step of action.yml that checks: the inputs come as JSON in SHUTDOWN_CHECK_INPUTS, and no shell ever sees them. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { argumentsOf, InputError, type Inputs } from './arguments.ts';
import { clear, tell } from './outputs.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs the program, passes on the signals of a job that is cancelled, and gives its exit code. */
function check(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const { SHUTDOWN_CHECK_INPUTS: _ours, ...env } = process.env;
    const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'inherit', env });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
}

const inputs = JSON.parse(process.env['SHUTDOWN_CHECK_INPUTS'] ?? '{}') as Inputs;
const folder = path.resolve(inputs['output'] || 'reports');

async function checked(): Promise<number> {
  try {
    const args = argumentsOf(inputs, folder);
    clear(folder);
    return await check(args);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = await checked();
tell(folder, process.exitCode, process.env['GITHUB_OUTPUT']);
