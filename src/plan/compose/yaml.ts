import { parseDocument } from 'yaml';
import { CannotRunError } from '../../errors.ts';

/**
 * The value of a YAML text, anchors and merge keys (`<<`) included.
 * @param file its name for messages
 * @throws CannotRunError with the line where it is none.
 */
export function parseYaml(text: string, file: string): unknown {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error) {
    const [{ line, col }] = error.linePos ?? [{ line: 1, col: 1 }];
    const [message = ''] = error.message.split('\n');
    throw new CannotRunError(`${file} is not valid YAML: ${message.replace(/ at line \d+, column \d+:?$/, '')}.`, {
      detail: [`${file}, line ${line}, column ${col}: ${text.split('\n')[line - 1] ?? ''}`],
      cause: error,
    });
  }
  return document.toJS() as unknown;
}
