/** How the namespace is made: as root within our own user namespace, or with one of its own. */
export type Way = 'root' | 'user';

/** Where the programs on the way to the command are. */
export interface ProgramFiles {
  readonly unshare: string;
  readonly setpriv: string;
  readonly setsid: string;
  readonly sh: string;
}

/**
 * Around everything: dies with us, by whatever we die. A parent that had died before the kernel was told to end us with it
 * is another one than it should be. What a shell would say about it is nobody's business, here and below.
 */
const AROUND = [
  'exec 4>&2 2>/dev/null',
  '[ "$PPID" = "$0" ] || exit',
  'sc_outside=$1 sc_unshare=$2 sc_setpriv=$3 sc_sh=$4',
  'shift 3',
  '(exec "$sc_unshare" --pid -- "$sc_setpriv" --pdeathsig KILL -- "$sc_sh" -c "$sc_outside" "$$" "$@" 2>&4 4>&-)',
  'exit',
].join('; ');

/**
 * Outside the command's namespace, and first in one around that: when it dies, so does all of that. The command itself
 * would not, for the kernel forgets who is to die with whom when a process becomes another user. Waits for the command's
 * first process and tells how that ended: a death by a signal is 128 and its number.
 */
const OUTSIDE = [
  'exec 4>&2 2>/dev/null',
  'read -r sc_pid sc_name sc_state sc_parent sc_rest </proc/self/stat',
  '[ "$sc_parent" = "$0" ] || exit',
  'sc_sh=$1 sc_first=$2 sc_setsid=$3',
  'shift 3',
  // A group of its own, as in a container: `kill 0` in a command's trap must not reach us out here.
  // In brackets, or dash would have the output in place already when it tells there that the command was killed.
  '(exec "$sc_setsid" "$sc_sh" -c "$sc_first" sh "$@" 2>&4 4>&-)',
  'echo "exit $?" >&3',
].join('; ');

/**
 * The first process in it, while it still sees our /proc: tells the number that we know it by. A variable that the command
 * has as well would be changed for it: these are named as nobody else's are.
 */
const FIRST = ['read -r sc_pid sc_rest </proc/self/stat', 'echo "pid $sc_pid" >&3', 'exec "$@"'].join('; ');

/** Everything is in place; it becomes the command. */
const LAST = 'echo run >&3; exec "$@" 3>&-';

/**
 * The command line that runs a command as PID 1 of a PID namespace with its own /proc, for a process of this number. It
 * tells on file descriptor 3, a line each: `pid N`, the process as we number it; `run`, when it becomes the command;
 * `exit CODE`. When we die, all of it does. Without `--fork`: that of util-linux cannot pass on a death by SIGKILL.
 *
 * @param files where the programs are: the command's own PATH may lead to others, or to none
 */
export function chainFor(
  way: Way,
  { unshare, setpriv, setsid, sh }: ProgramFiles,
  command: readonly string[],
  ownPid: number,
): readonly string[] {
  const userNamespace = way === 'user' ? ['--user', '--map-current-user', '--keep-caps'] : [];
  // Only the mount of /proc takes capabilities, and the command is to have those that it would have had.
  const withoutThem = way === 'user' ? [setpriv, '--ambient-caps=-all', '--inh-caps=-all', '--'] : [];
  return [
    ...[unshare, ...userNamespace, '--pid', '--', setpriv, '--pdeathsig', 'KILL', '--'],
    ...[sh, '-c', AROUND, String(ownPid), OUTSIDE, unshare, setpriv, sh, FIRST, setsid],
    ...[unshare, '--mount-proc', '--', ...withoutThem],
    ...[sh, '-c', LAST, 'sh', ...command],
  ];
}
