import { baseName } from '../diagnosis/processes.ts';
import type { PlacedWord } from '../image/place.ts';

/** `scripts` of a package.json. */
export type PackageScripts = Readonly<Record<string, string>>;

const MANAGERS = new Set(['npm', 'npx', 'yarn', 'yarnpkg', 'pnpm', 'pnpx']);
/** They start nothing that stays. */
const NO_APP = new Set(['install', 'i', 'ci', 'add', 'build', 'version', '--version', '-v', 'help', '--help']);

/** Whether it is a package manager that runs something: `npm start`, `yarn serve`, `npx next start`. */
export function startsApp([first, ...rest]: readonly { readonly text: string }[]): boolean {
  return (
    first !== undefined && MANAGERS.has(baseName(first.text)) && rest[0] !== undefined && !NO_APP.has(rest[0].text)
  );
}

/** The script that it runs, as package.json has it; null where that is none, or not known. */
export function packageScript(
  [first, ...rest]: readonly PlacedWord[],
  scripts: PackageScripts | null,
): { readonly name: string; readonly command: string } | null {
  const words = rest.map(({ text }) => text).filter((text) => !text.startsWith('-'));
  const [verb, operand] = words;
  const isRun = verb === 'run' || verb === 'run-script';
  const onlyVerbs = baseName(first?.text ?? '') === 'npm';
  const name = isRun ? operand : verb === 'start' || !onlyVerbs ? verb : undefined;
  if (name === undefined || scripts === null || !Object.hasOwn(scripts, name)) return null;
  return { name, command: scripts[name] ?? '' };
}

/** @param text of a package.json; null for what is none */
export function parseScripts(text: string): PackageScripts | null {
  try {
    const scripts: unknown = (JSON.parse(text) as { readonly scripts?: unknown } | null)?.scripts ?? {};
    const entries = Object.entries(scripts as object).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(entries);
  } catch {
    return null;
  }
}
