import { parseDocument } from 'yaml';
import { CannotRunError, messageOf } from '../../errors.ts';

/** Files of many services come to hundreds, merged into each other; one that is meant to fill the memory to millions. */
const MOST_ALIASES = 20_000;

/**
 * The value of a YAML text, anchors and merge keys (`<<`) included.
 * @param file its name for messages
 * @throws CannotRunError with the line where it is none.
 */
export function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') {
    throw new CannotRunError(`${file} has several documents, and a compose file has one.`, {
      nextStep: `If it is a Kubernetes manifest: shutdown-check run --manifest ${file}`,
      cause: error,
    });
  }
  if (error) {
    const [{ line, col }] = error.linePos ?? [{ line: 1, col: 1 }];
    const [message = ''] = error.message.split('\n');
    throw new CannotRunError(`${file} is not valid YAML: ${message.replace(/ at line \d+, column \d+:?$/, '')}.`, {
      detail: [`${file}, line ${line}, column ${col}: ${text.split('\n')[line - 1] ?? ''}`],
      cause: error,
    });
  }
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown;
  } catch (cause) {
    // An alias without its anchor, or so many that they would fill the memory.
    throw new CannotRunError(`${file} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
