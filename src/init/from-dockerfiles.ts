import path from 'node:path';

import { parseInstructions } from '../image/dockerfile.ts';
import type { Found, TextFile } from './look.ts';
import {
  nameFrom,
  offered,
  PATH_OFFER,
  pathValue,
  type Proposal,
  type ProposedLine,
  type Proposals,
  said,
} from './proposal.ts';

/** Of development and tests: nobody deploys those. */
const NOT_DEPLOYED = /(?:^|[.-])(?:dev|development|test|tests|ci|local|debug|builder)(?:[.-]|$)/i;

/**
 * A target for each Dockerfile, but for those that a compose file builds.
 * @param root what the folder itself is called
 * @param built Dockerfiles that are proposed already
 */
export function fromDockerfiles({ dockerfiles, paths }: Found, root: string, built: ReadonlySet<string>): Proposals {
  const own = dockerfiles.filter(({ file, text }) => !built.has(file) && hasFrom(text));
  const deployed = own.filter(({ file }) => !NOT_DEPLOYED.test(path.posix.basename(file)));
  const left = own.filter((one) => !deployed.includes(one));
  return {
    proposals: deployed.map((one) => proposalOf(one, root, paths)),
    leftOut: left.map(({ file }) => `${file}, which by its name is not what is deployed`),
  };
}

function hasFrom(text: string): boolean {
  return parseInstructions(text).some(({ keyword }) => keyword === 'FROM');
}

function proposalOf({ file, text }: TextFile, root: string, paths: ReadonlySet<string>): Proposal {
  return {
    name: nameOf(file, root),
    lines: [said('target', pathValue(file)), ...contextLines(file, text, paths), ...portLines(text), PATH_OFFER],
  };
}

/** `api.Dockerfile` and `Dockerfile.api` are the api's; else the folder has its name. */
function nameOf(file: string, root: string): string {
  const base = path.posix.basename(file);
  const own = base.replace(/^(?:Docker|Container)file\.?/i, '').replace(/\.(?:Docker|Container)file$/i, '');
  const folder = path.posix.dirname(file);
  const ofFolder = path.posix.basename(
    /^(?:docker|build)$/.test(path.posix.basename(folder)) ? path.posix.dirname(folder) : folder,
  );
  return nameFrom(own || (ofFolder === '.' ? root : ofFolder));
}

/** Where what it copies lies not beside it but at the top, the top is its context. */
function contextLines(file: string, text: string, paths: ReadonlySet<string>): readonly ProposedLine[] {
  const folder = path.posix.dirname(file);
  if (folder === '.') return [];
  const copied = parseInstructions(text).flatMap(({ keyword, text: line }) =>
    /^(?:COPY|ADD)$/.test(keyword) ? sourcesOf(line) : [],
  );
  const isThere = (one: string): boolean => [...paths].some((known) => known === one || known.startsWith(`${one}/`));
  const isFromTop = copied.some((one) => isThere(one) && !isThere(path.posix.join(folder, one)));
  return isFromTop ? [said('context', '.', 'what it copies lies here')] : [];
}

/** The sources of `COPY package.json src ./`, those without a pattern; none of another stage's. */
function sourcesOf(line: string): readonly string[] {
  if (/--from=/.test(line) || line.includes('[') || line.includes('<<')) return [];
  const words = line
    .split(' ')
    .slice(1)
    .filter((word) => !word.startsWith('--'));
  return words
    .slice(0, -1)
    .map((word) => path.posix.normalize(word).replace(/\/$/, ''))
    .filter((word) => /^[\w./-]+$/.test(word) && word !== '.');
}

/** The ports that a Dockerfile exposes in its last stage. */
export function exposedPorts(text: string): readonly number[] {
  const instructions = parseInstructions(text);
  const last = instructions.findLastIndex(({ keyword }) => keyword === 'FROM');
  return instructions
    .slice(last)
    .filter(({ keyword }) => keyword === 'EXPOSE')
    .flatMap(({ text: line }) => line.split(' ').slice(1))
    .filter((word) => !word.endsWith('/udp'))
    .map((word) => Number.parseInt(word, 10))
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}

function portLines(text: string): readonly ProposedLine[] {
  const [port, ...more] = exposedPorts(text);
  if (port === undefined) return [offered('port', '3000', 'it has no EXPOSE that says so')];
  if (more.length > 0) return [said('port', String(port), `it exposes ${more.join(', ')} too`)];
  return [offered('port', String(port), 'its EXPOSE says so already')];
}
