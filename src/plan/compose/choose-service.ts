import { CannotRunError } from '../../errors.ts';
import { nearest } from '../nearest.ts';
import type { ComposeFile } from './compose-file.ts';
import { entriesAt, isEmpty, under } from './spot.ts';

/** The names of a file's services, in its order. */
export function serviceNames({ root }: ComposeFile): readonly string[] {
  return entriesAt(under(root, 'services'), 'a map of services').map(([name]) => name);
}

/** Whether a service is only there where somebody asks for one of its profiles. */
export function hasProfiles({ root }: ComposeFile, name: string): boolean {
  return !isEmpty(under(under(under(root, 'services'), name), 'profiles'));
}

/**
 * The service that is meant: the one that is named, else the only one, else the only one that the file builds.
 * @throws CannotRunError for a name that is none, and where none is named and several may be meant.
 */
export function chooseService(composeFile: ComposeFile, named: string | undefined): string {
  if (named !== undefined) return assertService(composeFile, named, '--service');
  const { root } = composeFile;
  const all = serviceNames(composeFile);
  const usual = all.filter((name) => !hasProfiles(composeFile, name));
  const built = usual.filter((name) => !isEmpty(under(under(under(root, 'services'), name), 'build')));
  const [only] = all.length === 1 ? all : usual.length === 1 ? usual : built.length === 1 ? built : [];
  if (only !== undefined) return only;
  throw new CannotRunError(`${root.file} has several services, so it is unclear which is meant: ${all.join(', ')}.`, {
    nextStep: [
      `Name it: shutdown-check run ${root.file} --service ${built[0] ?? all[0] ?? 'NAME'}`,
      `Or check one after the other: shutdown-check run ${root.file} --all`,
    ].join('\n'),
  });
}

/**
 * A name that is a service of the file.
 * @throws CannotRunError where it is not, with the nearest one that is.
 */
export function assertService(composeFile: ComposeFile, name: string, flag: string): string {
  const known = serviceNames(composeFile);
  if (known.includes(name)) return name;
  const meant = nearest(name, known);
  throw new CannotRunError(
    `${composeFile.root.file} has no service "${name}" (${flag}).${meant ? ` Did you mean ${meant}?` : ''}`,
    { nextStep: `Its services are ${known.join(', ')}.` },
  );
}
