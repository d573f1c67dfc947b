import { stripVTControlCharacters } from 'node:util';
import type { OnProgress, Progress } from '../progress.ts';

const CLEAR_LINE = '\r\u001b[K';
const REDRAW_EVERY_MS = 100;

/** Where the status goes. */
export interface LiveOptions {
  readonly write: (text: string) => void;
  /** Width of the terminal now. */
  readonly columns: () => number;
  /** One line that is drawn again and again; otherwise a plain line for each stage. */
  readonly redraws: boolean;
  readonly status: 'normal' | 'quiet' | 'verbose';
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/** What the user sees while something goes on. */
export interface Live {
  readonly onProgress: OnProgress;
  /** Puts a text in the live line; nothing where there is none. */
  show(text: string): void;
  /** Shows a line that stays. */
  say(text: string): void;
  /** Takes the status line away; nothing is shown afterwards. */
  end(): void;
}

/** A status display: silent with `quiet`, else one live line or plain lines. */
export function startLive(options: LiveOptions): Live {
  const line = options.redraws && options.status !== 'quiet' ? liveLine(options) : null;
  let ended = false;
  const say = (text: string): void => {
    if (ended || options.status === 'quiet') return;
    options.write(`${line?.erased() ?? ''}${text}\n`);
    line?.draw();
  };
  const onProgress: OnProgress = (progress) => {
    if (ended) return;
    if (progress.kind === 'detail') {
      if (options.status === 'verbose') say(`  ${plain(progress.text)}`);
    } else if (progress.kind === 'note') say(plain(progress.text));
    else if (progress.kind === 'load') line?.show(loadText(progress), false);
    else if (line) line.show(stageText(progress), true);
    else if (progress.isAgain && options.status !== 'verbose') return;
    else say(stageText(progress));
  };
  const show = (text: string): void => {
    if (!ended) line?.show(plain(text), false);
  };
  const end = (): void => {
    if (!ended && line) options.write(line.erased());
    ended = true;
  };
  return { onProgress, show, say, end };
}

/** The line that redraws itself; never wider than the terminal, where it could not be erased again. */
function liveLine({ write, columns, now }: LiveOptions) {
  let text = '';
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let visible = false;
  const draw = (): void => {
    drawnAtMs = now();
    visible = text !== '';
    if (visible) write(`${CLEAR_LINE}${text.slice(0, Math.max(0, columns() - 1))}`);
  };
  return {
    draw,
    /** Figures come often and need not all be seen; a new stage is. */
    show(next: string, atOnce: boolean): void {
      text = next;
      if (atOnce || now() - drawnAtMs >= REDRAW_EVERY_MS) draw();
    },
    erased(): string {
      const before = visible ? CLEAR_LINE : '';
      visible = false;
      return before;
    },
  };
}

function stageText({ stage, text }: { readonly stage: string; readonly text: string }): string {
  return `${stage}: ${plain(text)}`;
}

function loadText(load: Extract<Progress, { kind: 'load' }>): string {
  const parts = [
    `${load.sent.toLocaleString('en-US')} requests`,
    `${load.inFlight} in flight`,
    `${load.failed} failed`,
  ];
  if (load.graceLeftMs !== null) parts.push(`${Math.max(0, Math.ceil(load.graceLeftMs / 1_000))} s of grace left`);
  return `${load.stage}: ${parts.join(', ')}`;
}

/** Builders colour their lines and move the cursor; here a line is a line. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trimEnd();
}
