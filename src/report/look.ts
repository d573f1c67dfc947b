import { styleText } from 'node:util';

/** What a report may use. */
export interface Look {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** Blocks and lines beyond ASCII. */
  readonly unicode: boolean;
  /**
   * Where the program ran, from the root of the repository, with forward slashes; left out at the root itself. A CI server
   * counts paths from there.
   */
  readonly folder?: string;
}

type Style = Parameters<typeof styleText>[0];

/** The text in a style, where the look has colours. The stream is not asked: whoever made the look did. */
export function paint(look: Look, style: Style, text: string): string {
  return look.color ? styleText(style, text, { validateStream: false }) : text;
}

/** A heading of a section. */
export function heading(look: Look, text: string): string {
  return paint(look, 'bold', text);
}
