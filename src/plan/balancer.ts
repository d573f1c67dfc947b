import { findProgram } from '../engines/namespace/programs.ts';
import { CannotRunError } from '../errors.ts';

/** Which load balancer users come to. */
export type BalancerPlan =
  /** HAProxy as a program of this machine: a name that is looked for, or a path. */
  | { readonly kind: 'program'; readonly reference: string }
  /** HAProxy from an image, in a container on this machine's network. */
  | { readonly kind: 'image'; readonly reference: string };

/** What `--balancer` takes. */
export const BALANCER_FORMS = 'haproxy, the path of a HAProxy, or an image of it with its tag';

/** Debian's package puts it where an ordinary user's PATH does not lead. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The balancer as it is named: a path begins with a slash or a dot, an image has a tag, a digest or a repository's
 * slash, and anything else is a program.
 * @throws CannotRunError where there is no such program on this machine.
 */
export function resolveBalancer(reference: string): BalancerPlan {
  const isPath = /^\.{0,2}\//.test(reference);
  if (!isPath && /[/:@]/.test(reference)) return { kind: 'image', reference };
  const plan = { kind: 'program', reference } as const;
  if (balancerFile(reference) === null) throw noBalancer(plan);
  return plan;
}

/** Where the program is; null where it is not, or may not be run. */
export function balancerFile(reference: string): string | null {
  const folders = [process.env['PATH'], ...SYSTEM_FOLDERS].filter((folder) => folder !== undefined);
  const found = findProgram(reference, { PATH: folders.join(':') }, process.cwd());
  return found.kind === 'found' ? found.file : null;
}

/** The error for a balancer that is not on this machine. */
export function noBalancer({ reference }: BalancerPlan): CannotRunError {
  return new CannotRunError(`There is no ${reference} on this machine, and a roll-out goes through a load balancer.`, {
    nextStep: [
      'Install HAProxy:',
      '  Debian, Ubuntu   apt-get install haproxy',
      '  macOS            brew install haproxy',
      'or run it from an image, on an engine of this machine: --balancer haproxy:3.2',
    ].join('\n'),
  });
}
