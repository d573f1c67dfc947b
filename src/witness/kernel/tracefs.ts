import { constants, existsSync, readlinkSync } from 'node:fs';
import { access } from 'node:fs/promises';

/** The kernel cannot be asked. `message` continues "The kernel was not asked: …". */
export class CannotTrace extends Error {
  override readonly name = 'CannotTrace';
  /** What the reader can do about it. */
  readonly nextStep: string;

  constructor(because: string, nextStep: string, cause?: unknown) {
    super(because, { cause });
    this.nextStep = nextStep;
  }
}

/** Where tracefs is mounted: of its own, or within debugfs as older systems have it. */
const PLACES = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];
/** The first PID namespace of a machine has this number ever since (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/**
 * The folder of this machine's tracefs, with the signal events in it and room for an instance of our own.
 *
 * @throws CannotTrace where there is none, or it is not for us.
 */
export async function findTracefs(): Promise<string> {
  if (process.platform !== 'linux') throw new CannotTrace('this machine runs no Linux', 'Leave `--kernel-trace` out.');
  if (!countsLikeTheKernel()) {
    throw new CannotTrace(
      'this program runs in a PID namespace of its own, where processes have other numbers than the kernel tells',
      'Run it outside of the container, or give its container the PID namespace of the host.',
    );
  }
  const tracefs = PLACES.find((place) => existsSync(`${place}/instances`));
  // A closed door looks like an empty room: /sys/kernel/tracing itself is open to root alone.
  if (tracefs === undefined && process.getuid?.() !== 0) throw needsRoot();
  if (tracefs === undefined) {
    throw new CannotTrace('tracefs is not mounted', 'Mount it: `mount -t tracefs nodev /sys/kernel/tracing`.');
  }
  await access(`${tracefs}/instances`, constants.W_OK).catch((cause: unknown) => {
    throw needsRoot(cause);
  });
  if (existsSync(`${tracefs}/events/signal/signal_generate`)) return tracefs;
  throw new CannotTrace('this kernel was built without the events of signals', 'Leave `--kernel-trace` out.');
}

function needsRoot(cause?: unknown): CannotTrace {
  return new CannotTrace('that takes root', 'Run it as root, with sudo for example.', cause);
}

/** Whether process numbers mean the same to this program as to the kernel's trace. */
export function countsLikeTheKernel(): boolean {
  try {
    return readlinkSync('/proc/self/ns/pid') === FIRST_PID_NAMESPACE;
  } catch {
    return false;
  }
}
