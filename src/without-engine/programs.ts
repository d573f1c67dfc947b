import { baseName, isPackageManager } from '../diagnosis/processes.ts';
import type { Step } from '../lint/launch.ts';
import type { Program } from './instructions.ts';

/** What the samples' Node image has, where the version counts. npm 11 comes with Node 24. */
const IN_NODE_IMAGE: readonly Program[] = [
  { name: 'node', major: 24 },
  { name: 'npm', major: 11 },
];
/** What `--init` is with Docker; dumb-init would signal the whole group. */
const INIT = 'tini';
const SHEBANG = /^#!\s*(?:\S*\/env\s+)?(\S+)/;

/**
 * What has to be on this machine for a start to be the same as in its image: Node, and each init, shell and program
 * that it goes through.
 * @param adds what the Dockerfile adds to its base image
 */
export function programsOf(steps: readonly Step[], adds: readonly Program[], init: boolean): readonly Program[] {
  const names = new Set(['node', ...(init ? [INIT] : []), ...adds.map(({ name }) => name), ...steps.flatMap(namesIn)]);
  return [...names].map(
    (name) => [...adds, ...IN_NODE_IMAGE].find((program) => program.name === name) ?? { name, major: null },
  );
}

function namesIn(step: Step): readonly string[] {
  if (step.kind === 'init' || step.kind === 'unread') return bare(step.word.text);
  if (step.kind === 'shell') return [baseName(step.shell)];
  if (step.kind === 'script') return [baseName(SHEBANG.exec(step.text)?.[1] ?? 'sh')];
  const command = step.words.map(({ text }) => text).join(' ');
  // They give their scripts to a shell.
  return [...bare(step.words[0]?.text ?? ''), ...(isPackageManager({ command }) ? ['sh'] : [])];
}

/** A path is a file of the sample's own. */
function bare(word: string): readonly string[] {
  return word === '' || word.includes('/') ? [] : [word];
}
