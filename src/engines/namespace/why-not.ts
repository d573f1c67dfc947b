import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { CannotRunError } from '../../errors.ts';

/** One thing that a namespace takes, and a command line that shows whether it can be had. */
interface Need {
  readonly what: string;
  readonly command: readonly string[];
}

const USER = ['unshare', '--user', '--map-current-user', '--keep-caps'];
/** As root the first is enough, where the second works too. */
const OF_ROOT: readonly Need[] = [
  { what: 'PID namespace', command: ['unshare', '--pid', '--', 'true'] },
  { what: '/proc', command: ['unshare', '--pid', '--fork', '--mount-proc', '--', 'true'] },
];
const OF_USER: readonly Need[] = [
  { what: 'user namespace', command: [...USER, '--', 'true'] },
  { what: 'PID namespace', command: [...USER, '--pid', '--', 'true'] },
  { what: '/proc', command: [...USER, '--pid', '--fork', '--mount-proc', '--', 'true'] },
];

/** What a kernel's setting forbids by a value, and the value that allows it. */
const SETTINGS = [
  { name: 'kernel.unprivileged_userns_clone', forbids: '0', allows: '1' },
  { name: 'kernel.apparmor_restrict_unprivileged_userns', forbids: '1', allows: '0' },
  { name: 'user.max_user_namespaces', forbids: '0', allows: '10000' },
  { name: 'user.max_pid_namespaces', forbids: '0', allows: '10000' },
] as const;

/** Which of the namespaces cannot be had, and how to allow it; null where each of them can. */
export async function whyNot(isRoot: boolean): Promise<CannotRunError | null> {
  const refusals = (await Promise.all([isRoot ? OF_ROOT : [], OF_USER].map(firstRefused))).filter(
    (one) => one !== null,
  );
  const [refusal] = refusals;
  if (refusal === undefined) return null;
  return new CannotRunError(`No ${refusal.what} of its own can be had for the command.`, {
    detail: refusals.map(({ command, because }) => `tried \`${command.join(' ')}\`: ${because}`),
    nextStep: howToAllow(isRoot),
  });
}

async function firstRefused(needs: readonly Need[]): Promise<(Need & { readonly because: string }) | null> {
  for (const need of needs) {
    const because = await refusalOf(need.command);
    if (because !== null) return { ...need, because };
  }
  return null;
}

/** The last line that it complains with; null where it works. */
async function refusalOf([program = '', ...words]: readonly string[]): Promise<string | null> {
  return await promisify(execFile)(program, words).then(
    () => null,
    (error: unknown) => (error as { readonly stderr?: string }).stderr?.trim().split('\n').at(-1) || String(error),
  );
}

function howToAllow(isRoot: boolean): string {
  const settings = SETTINGS.filter(({ name, forbids }) => textOf(`/proc/sys/${name.replaceAll('.', '/')}`) === forbids);
  const ways = [
    ...settings.map(({ name, allows }) => `On this kernel it takes \`sudo sysctl -w ${name}=${allows}\`.`),
    ...(isInContainer() ? [`In a container it takes \`docker run ${containerFlags(isRoot)}\`.`] : []),
  ];
  const allow = ways.length > 0 ? ways : [isRoot ? 'It takes the capability CAP_SYS_ADMIN.' : 'Run it as root.'];
  return [...allow, 'Or check an image, on a machine with an engine: `shutdown-check run IMAGE`.'].join('\n');
}

/** What was seen to suffice with Docker's own restrictions: root lacks a capability, anybody else two more are in the way. */
function containerFlags(isRoot: boolean): string {
  const flags = isRoot
    ? ['--cap-add SYS_ADMIN']
    : ['--security-opt seccomp=unconfined', '--security-opt systempaths=unconfined'];
  // Docker's profile forbids every mount.
  const isConfined = textOf('/proc/self/attr/current').endsWith('(enforce)');
  return [...flags, ...(isConfined ? ['--security-opt apparmor=unconfined'] : [])].join(' ');
}

function isInContainer(): boolean {
  return ['/.dockerenv', '/run/.containerenv'].some((file) => existsSync(file));
}

/** Empty where there is no such file, or it may not be read. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
