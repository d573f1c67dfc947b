/** A finding's sentences. */
export interface Words {
  readonly message: string;
  readonly advice: string | null;
}

/** The first few of many names are told. */
const SHOWN_NAMES = 5;

/** Code, as it is typed. */
export function tick(text: string): string {
  return `\`${text}\``;
}

/** Whoever begins a sentence: "the" is written large, a program's name never. */
export function atStart(who: string): string {
  return who.replace(/^the /, 'The ');
}

/** A clause as the beginning of a sentence. */
export function asSentence(clause: string): string {
  return `${clause.replace(/^./, (first) => first.toUpperCase())}.`;
}

/** `1 request`, `3 requests`. */
export function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}

/** The first few of many, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES;
  return names.slice(0, SHOWN_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** How long before the stop those jobs had been started that were. */
export function agesOf(startedAtMs: readonly number[]): string {
  const ages = startedAtMs.filter((atMs) => atMs <= 0).map((atMs) => -atMs);
  if (ages.length === 0) return '';
  return `, begun ${fromTo(ages)} before the stop`;
}

/** `10 s`, or `310 ms to 2.5 s`. Milliseconds, at least one. */
export function fromTo(ms: readonly number[]): string {
  const ordered = ms.toSorted((a, b) => a - b);
  const least = seconds(ordered[0] ?? 0);
  const most = seconds(ordered.at(-1) ?? 0);
  return least === most ? least : `${least} to ${most}`;
}

/** `310 ms`, `10 s`, `2.5 s`. */
export function seconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${Number((ms / 1000).toFixed(1))} s`;
}

/** `128 MiB`. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/** ` twice`, ` 3 times`; nothing for once. */
export function times(many: number): string {
  if (many < 2) return '';
  return many === 2 ? ' twice' : ` ${many} times`;
}

/** Whether the signal had reached what was killed, as the end of a sentence; nothing where that is not known. */
export function whereItStood(reached: boolean | null): string {
  if (reached === null) return '';
  return reached ? ', which had not finished' : ', which the signal never reached';
}
