import { spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';

import { install, packageSystem } from '../setup/apt.mjs';
import { messageOf } from '../../src/errors.ts';
import { spawnOn } from './child.ts';
import { MEASURE_MS, type Reported } from './jobs.ts';

/** wrk's version; null where it is not here, and why it could not be installed is told. */
export async function findWrk(): Promise<string | null> {
  const found = versionOf();
  if (found !== null) return found;
  try {
    if (packageSystem() === null) throw new Error('only root on Debian or Ubuntu can install it');
    await install(['wrk']);
  } catch (error) {
    console.error(`wrk is left out: ${messageOf(error)}`);
  }
  return versionOf();
}

function versionOf(): string | null {
  return /^wrk\s+(\S+)/m.exec(String(spawnSync('wrk', ['--version']).stdout ?? ''))?.[1] ?? null;
}

/** One thread of wrk, as it is on one core. It is compiled, so it needs no warming up. */
export async function measureWrk(port: number, connections: number): Promise<Reported> {
  const { output, cpuMs } = await runWrk(port, connections, MEASURE_MS / 1000);
  const [, requests = NaN, seconds = NaN] = (/(\d+) requests in ([\d.]+)s/.exec(output) ?? []).map(Number);
  return { requests, wallMs: seconds * 1000, cpuMs, totalCpuMs: cpuMs, faults: 0, lateness: null };
}

/** Runs wrk for so many seconds. What it says, and the processor time that its shell was told of it. */
export async function runWrk(
  port: number,
  connections: number,
  seconds: number,
): Promise<{ output: string; cpuMs: number }> {
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}/`];
  const shell = spawnOn('client', ['sh', '-c', '"$@"; times', 'sh', 'wrk', ...flags], ['ignore', 'pipe', 'pipe']);
  if (shell.stdout === null || shell.stderr === null) throw new TypeError('pipes were asked for');
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  // The second line is that of its children: user and system time (POSIX, `times`).
  const [children = ''] = output.trimEnd().split('\n').slice(-1);
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + (Number(minutes) * 60 + Number(rest)) * 1000,
    0,
  );
  return { output: `${output}\n${errors}`, cpuMs };
}
