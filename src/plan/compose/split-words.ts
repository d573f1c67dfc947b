const PIECE = /(\s+)|'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)|([;&|<>])|([^\s'"\\();&|<>`]+)/sy;

/**
 * Splits a `command` or `entrypoint` that is a text into words, as compose does: by blanks, with quotes and backslashes.
 * No shell reads it: variables, patterns and `~` are handed on as they are, and what follows a `;`, `&`, `|`, `<` or `>`
 * outside of quotes is left out.
 *
 * Source: compose-go, which splits with mattn/go-shellwords.
 * @returns null where compose refuses it: a quote that is not closed, a brace or a backquote outside of quotes.
 */
export function splitWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text);
    if (piece === null) return null;
    const [whole, blanks, literal, quoted, escaped, control, plain] = piece;
    if (control !== undefined) break;
    at += whole.length;
    if (blanks === undefined) {
      word = (word ?? '') + (literal ?? plain ?? unescape(quoted ?? `\\${escaped}`));
    } else if (word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t' };

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => LETTERS[character] ?? character);
}
