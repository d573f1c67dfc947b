import type { Command, CommandNode, CompoundList, ParsedScript, PipelineNode, Statement, SyntaxNode } from 'unbash';
import { forEachChild, parse } from 'unbash';
import { baseName } from '../diagnosis/processes.ts';

/** A word of a shell's text; `text` is without quotes. */
export interface ShellWord {
  readonly text: string;
  /** Offset in the shell's text. */
  readonly at: number;
}

/** Why any shell stays beside a command, continuing "The shell stays: …". */
export type Kept = 'pipeline' | 'or' | 'background' | 'loop' | 'subshell' | 'more follows' | 'trap' | 'negation';

/** A command that a text of the shell's ends with; there is one a branch. */
export interface Ending {
  /**
   * `exec`: it takes the shell's place. `last`: nothing follows it, so a shell may give its place up by itself.
   * `kept`: the shell waits for it. `elsewhere`: another file, or a text of its own, goes on.
   */
  readonly kind: 'exec' | 'last' | 'kept' | 'elsewhere';
  readonly kept: Kept | null;
  /** As written. */
  readonly text: string;
  readonly at: number;
  /** What runs, without `exec`; empty where it is no plain command. */
  readonly words: readonly ShellWord[];
}

/** What a shell's text says of its end. */
export interface ShellReading {
  readonly endings: readonly Ending[];
  /** A trap for a signal (not for EXIT alone); null where there is none. */
  readonly trap: { readonly text: string; readonly at: number; readonly signals: readonly string[] } | null;
  /** Something is put in the background, and `wait` waits for it. */
  readonly waits: boolean;
  /** The parser's first complaint; null where it had none. */
  readonly trouble: string | null;
}

/** They end at once and are no app: what counts stands before them. */
const PASSING = new Set(
  '[ [[ test : true false cd echo printf exit return set unset shift export readonly local declare typeset umask ulimit read wait trap alias hash getopts shopt type kill chown chmod mkdir cp mv rm ln touch'.split(
    ' ',
  ),
);
/** Ended or cared for by the shell itself, these come from no `docker stop`. */
const NO_SIGNAL = new Set(['EXIT', '0', 'ERR', 'DEBUG', 'RETURN']);

interface Scope {
  readonly source: string;
  readonly functions: ReadonlyMap<string, SyntaxNode>;
  /** Functions being read, so that one that calls itself ends. */
  readonly within: readonly string[];
}

/** Reads a script, or the text after `sh -c`. Never throws: what it cannot read is in `trouble`. */
export function readShell(source: string): ShellReading {
  const script = parse(source);
  const all = nodesOf(script);
  const functions = new Map(all.flatMap((node) => (node.type === 'Function' ? [[node.name.text, node.body]] : [])));
  const trap = trapOf(all, source);
  const endings = endingsOfList(script.commands, { source, functions, within: [] });
  const hasTrap = all.some((node) => isCommand(node, 'trap'));
  return {
    endings: hasTrap ? endings.map((ending) => (ending.kind === 'last' ? keep(ending, 'trap') : ending)) : endings,
    trap,
    waits: all.some((node) => isCommand(node, 'wait')) && all.some(isBackground),
    trouble: script.errors?.[0]?.message ?? null,
  };
}

function nodesOf(script: ParsedScript): readonly SyntaxNode[] {
  const all: SyntaxNode[] = [];
  const visit = (node: SyntaxNode): void => {
    all.push(node);
    // What runs in a substitution is over before the command that it is for begins.
    if (node.type !== 'CommandExpansion' && node.type !== 'ProcessSubstitution') forEachChild(node, visit);
  };
  visit(script);
  return all;
}

function isCommand(node: SyntaxNode, name: string): node is Command {
  return node.type === 'Command' && node.name?.text === name;
}

function isBackground(node: SyntaxNode): boolean {
  return node.type === 'Statement' && node.background === true;
}

function trapOf(all: readonly SyntaxNode[], source: string): ShellReading['trap'] {
  for (const node of all) {
    if (!isCommand(node, 'trap')) continue;
    const [action = '', ...names] = node.args.map((word) => (word.type === 'Word' ? word.value : word.text));
    const signals = names.filter((name) => !NO_SIGNAL.has(name.toUpperCase()));
    if (signals.length > 0 && action !== '' && action !== '-') {
      return { text: source.slice(node.pos, node.end), at: node.pos, signals };
    }
  }
  return null;
}

/** From the last statement back to the first that starts something. */
function endingsOfList(statements: readonly Statement[], scope: Scope): readonly Ending[] {
  for (const [after, statement] of statements.toReversed().entries()) {
    const found = endingsOfStatement(statement, scope);
    if (found.length === 0) continue;
    return after === 0 ? found : found.map((ending) => keep(ending, 'more follows'));
  }
  return [];
}

function endingsOfStatement({ command, background }: Statement, scope: Scope): readonly Ending[] {
  const found = command.type === 'AndOr' ? endingsOfChain(command, scope) : endingsOfNode(command, scope);
  // An `exec` in the background takes the place of a child.
  return background ? found.map((ending) => keep({ ...ending, kind: 'last' }, 'background')) : found;
}

/** `a && b`: what comes before is preparation, where something follows. `a || b`: the shell waits to see. */
function endingsOfChain(
  { commands, operators }: { readonly commands: readonly PipelineNode[]; readonly operators: readonly string[] },
  scope: Scope,
): readonly Ending[] {
  const each = commands.map((command) => endingsOfNode(command, scope));
  return each.flatMap((endings, index) => {
    const isLast = each.slice(index + 1).every((later) => later.length === 0);
    if (index === each.length - 1) return endings;
    if (operators[index] === '||') return endings.map((ending) => keep(ending, 'or'));
    return isLast
      ? endings.map((ending) => keep(ending, 'more follows'))
      : endings.filter(({ kind }) => kind === 'exec');
  });
}

function endingsOfNode(node: PipelineNode | CompoundList, scope: Scope): readonly Ending[] {
  switch (node.type) {
    case 'Command':
      return endingsOfCommand(node, scope);
    case 'Pipeline':
      return endingsOfPipeline(node.commands, scope, node);
    case 'If': {
      const branches = [node.then, ...node.elif.map((one) => one.then), ...(node.else ? [node.else] : [])];
      return branches.flatMap(({ commands }) => endingsOfList(commands, scope));
    }
    case 'Case':
      return node.items.flatMap(({ body }) => endingsOfList(body.commands, scope));
    case 'While':
      return firstEndings(node.body, scope).map((ending) => keep({ ...ending, kind: 'last' }, 'loop'));
    case 'Subshell':
      return inside(node.body, scope).map((ending) => keep({ ...ending, kind: 'last' }, 'subshell'));
    case 'BraceGroup':
      return inside(node.body, scope);
    case 'CompoundList':
      return inside(node, scope);
    case 'Redirected':
      return endingsOfNode(node.command, scope);
    default:
      // A bounded loop, a test, a function's definition: none of them runs on.
      return [];
  }
}

/** In a loop the first command that it starts is the one that it is about; what follows is a pause. */
function firstEndings({ commands }: CompoundList, scope: Scope): readonly Ending[] {
  return commands.map((statement) => endingsOfStatement(statement, scope)).find((found) => found.length > 0) ?? [];
}

function inside({ commands }: CompoundList, scope: Scope): readonly Ending[] {
  return endingsOfList(commands, scope);
}

function endingsOfPipeline(commands: readonly CommandNode[], scope: Scope, whole: SyntaxNode): readonly Ending[] {
  const found = commands.flatMap((command) => endingsOfNode(command, scope));
  const [first] = found;
  if (first === undefined) return [];
  const text = scope.source.slice(whole.pos, whole.end);
  return [keep({ ...first, kind: 'last', text, at: whole.pos }, commands.length > 1 ? 'pipeline' : 'negation')];
}

function endingsOfCommand(command: Command, scope: Scope): readonly Ending[] {
  const name = command.name?.value;
  if (name === undefined || PASSING.has(baseName(name))) return [];
  const called = scope.functions.get(name);
  if (called !== undefined) return scope.within.includes(name) ? [] : endingsOfCall(name, called, scope);
  const words = wordsOf(command);
  const ending = { ...endingAt(command, scope), kept: null };
  if (name === 'exec') {
    const run = afterExec(words);
    // Without a command it only moves files about.
    return run.length === 0 ? [] : [{ ...ending, kind: 'exec', words: run }];
  }
  if (name === '.' || name === 'source' || name === 'eval') return [{ ...ending, kind: 'elsewhere', words: [] }];
  return [{ ...ending, kind: 'last', words }];
}

function endingsOfCall(name: string, body: SyntaxNode, scope: Scope): readonly Ending[] {
  return endingsOfNode(body as PipelineNode | CompoundList, { ...scope, within: [...scope.within, name] });
}

function endingAt({ pos, end }: SyntaxNode, { source }: Scope): { readonly text: string; readonly at: number } {
  return { text: source.slice(pos, end), at: pos };
}

function wordsOf({ name, args }: Command): readonly ShellWord[] {
  return [...(name ? [name] : []), ...args].map((word) => ({
    text: word.type === 'Word' ? word.value : word.text,
    at: word.pos,
  }));
}

/** The words after `exec` and its own options: `-c`, `-l`, `-a name`. */
function afterExec([, ...words]: readonly ShellWord[]): readonly ShellWord[] {
  let from = 0;
  while (words[from]?.text.startsWith('-')) from += /^-[cl]*a$/.test(words[from]?.text ?? '') ? 2 : 1;
  return words.slice(from);
}

function keep(ending: Ending, kept: Kept): Ending {
  return ending.kind === 'last' ? { ...ending, kind: 'kept', kept } : ending;
}
