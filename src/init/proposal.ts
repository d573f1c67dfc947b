/** A target that `init` proposes. */
export interface Proposal {
  readonly name: string;
  /** What is said, in the order of the file. */
  readonly lines: readonly ProposedLine[];
}

export interface ProposedLine {
  readonly key: string;
  /** As YAML. */
  readonly value: string;
  /** Why; empty where it goes without saying. */
  readonly because: string;
  /** Whether it is only an offer: it stands there as a comment. */
  readonly isOffer: boolean;
}

/** What was proposed, and what was left out and why, a sentence each. */
export interface Proposals {
  readonly proposals: readonly Proposal[];
  readonly leftOut: readonly string[];
}

export function said(key: string, value: string, because = ''): ProposedLine {
  return { key, value, because, isOffer: false };
}

export function offered(key: string, value: string, because = ''): ProposedLine {
  return { key, value, because, isOffer: true };
}

/** What only the user knows of an app that takes requests. */
export const PATH_OFFER = offered(
  'path',
  '/orders',
  'one that does real work: / may be answered too fast to be in flight',
);

/** What is said of a worker without a port, and what only the user knows of it. */
export const WORKER_LINES: readonly ProposedLine[] = [
  said('load', 'none', 'it names no port: a worker'),
  offered('job-start', String.raw`'job (\d+) begins'`, 'the line of its log that says so'),
  offered('job-end', String.raw`'job (\d+) done'`),
];

/** A name as targets have them. */
export function nameFrom(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'app';
}

/** Each under a name of its own: a second one gets a number. */
export function withOwnNames(proposals: readonly Proposal[]): readonly Proposal[] {
  const taken = new Set<string>();
  return proposals.map((one) => {
    let name = one.name;
    for (let nth = 2; taken.has(name); nth += 1) name = `${one.name}-${nth}`;
    taken.add(name);
    return { ...one, name };
  });
}

/** A path as a config file has it: one in the folder itself begins with `./`, so that nobody takes it for an image. */
export function pathValue(file: string): string {
  const value = file === '.' || file.startsWith('../') ? file : `./${file}`;
  return /^[\w./@+-]+$/.test(value) ? value : JSON.stringify(value);
}
