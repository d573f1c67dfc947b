import { readdirSync, readFileSync } from 'node:fs';

import { attempt, say } from './run.mjs';

const TRACEFS = '/sys/kernel/tracing';

/** Mounts the kernel's trace where it can be and is not, for the report's own story of the signals. Never fails. */
export async function ensureTracefs() {
  if (process.platform !== 'linux' || process.getuid() !== 0 || !isKnown() || !isEmpty()) return;
  const { code } = await attempt('mount', ['-t', 'tracefs', 'nodev', TRACEFS]);
  if (code === 0) say(`mounted tracefs at ${TRACEFS}, so that the kernel can be asked who signalled whom`);
}

function isKnown() {
  try {
    return /\ttracefs$/m.test(readFileSync('/proc/filesystems', 'utf8'));
  } catch {
    return false;
  }
}

/** Whether there is the folder, with nothing mounted on it. */
function isEmpty() {
  try {
    return readdirSync(TRACEFS).length === 0;
  } catch {
    return false;
  }
}
