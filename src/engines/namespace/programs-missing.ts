import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotRunError } from '../../errors.ts';
import { findProgram } from './programs.ts';

/** The programs that a namespace is made with, and the options that not every `unshare` or `setpriv` has. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  unshare: ['--pid', '--mount-proc', '--map-current-user', '--keep-caps'],
  setpriv: ['--pdeathsig', '--ambient-caps', '--inh-caps'],
  setsid: [],
  nsenter: [],
  sh: [],
  mkfifo: [],
};

const INSTALL =
  'Install util-linux, 2.35 or later: `apt-get install util-linux`, `apk add util-linux`, `dnf install util-linux`.';

/** What is wrong with the programs that a namespace is made with; null where nothing is. */
export async function programsMissing(): Promise<CannotRunError | null> {
  for (const [name, options] of Object.entries(PROGRAMS)) {
    if (findProgram(name, process.env, '/').kind !== 'found')
      return new CannotRunError(`There is no \`${name}\` on PATH, which a command is started with.`, {
        nextStep: INSTALL,
      });
    const help = options.length === 0 ? '' : await helpOf(name);
    const lacking = options.filter((option) => !help.includes(option));
    if (lacking.length === 0) continue;
    const whose = help.includes('BusyBox') ? "is busybox's" : 'is too old';
    return new CannotRunError(`The \`${name}\` on PATH ${whose}: it has no ${lacking.join(', ')}.`, {
      nextStep: INSTALL,
    });
  }
  return null;
}

async function helpOf(program: string): Promise<string> {
  return await promisify(execFile)(program, ['--help']).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: unknown) => {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
      return stdout + stderr;
    },
  );
}
