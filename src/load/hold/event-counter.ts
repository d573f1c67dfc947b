/** No field's name that matters is longer, with its colon. */
const KEPT = 'data:'.length;

/**
 * Counts the events of a `text/event-stream` as its bytes come. An event is a block of lines that has data and is ended
 * by an empty line; comments, which keep a connection alive, are none. (HTML standard, 9.2.6.)
 */
export class EventCounter {
  /** The start of the line that is being read. */
  #line = '';
  #hasData = false;
  #lastWasCr = false;

  /** How many events these bytes end. */
  count(bytes: Buffer): number {
    let ended = 0;
    // Everything that is looked at is ASCII, so no character can be torn between two chunks.
    for (const char of bytes.toString('latin1')) {
      const isSecondOfPair = char === '\n' && this.#lastWasCr;
      this.#lastWasCr = char === '\r';
      if (isSecondOfPair) continue;
      if (char !== '\r' && char !== '\n') {
        if (this.#line.length < KEPT) this.#line += char;
      } else if (this.#endLine()) ended++;
    }
    return ended;
  }

  /** Whether the line that ends here ends an event. */
  #endLine(): boolean {
    const line = this.#line;
    this.#line = '';
    if (line !== '') {
      this.#hasData ||= line === 'data' || line === 'data:';
      return false;
    }
    const isEvent = this.#hasData;
    this.#hasData = false;
    return isEvent;
  }
}
