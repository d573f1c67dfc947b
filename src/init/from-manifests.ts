import { CannotRunError } from '../errors.ts';
import { at, type Field, items, textOf } from '../plan/manifest/field.ts';
import { objectsIn } from '../plan/manifest/objects.ts';
import {
  type Container,
  containersOf,
  type Workload,
  workloadsIn,
  WORKLOAD_KINDS,
} from '../plan/manifest/workloads.ts';
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
  WORKER_LINES,
} from './proposal.ts';

/** Cheaper than to parse every YAML file of a project. */
const HAS_WORKLOAD = new RegExp(`^\\s*["']?kind["']?:\\s*["']?(?:${WORKLOAD_KINDS.join('|')}|List)\\b`, 'm');
/** They run once and end: nothing stops them but a node that goes away. */
const ENDS_BY_ITSELF = ['Job', 'CronJob'];

/** A target for each container of the workloads in Kubernetes manifests. */
export function fromManifests({ yamls, dockerfiles }: Found): Proposals {
  const read = yamls.filter(({ text }) => HAS_WORKLOAD.test(text)).map(fromFile);
  const proposals = read.flatMap((one) => one.proposals);
  // What its image is built from can be told only where there is one of each.
  const [only] = dockerfiles.length === 1 && proposals.length === 1 ? dockerfiles : [];
  const build =
    only === undefined ? [] : [offered('build', pathValue(only.file), "in the place of the manifest's image")];
  return {
    proposals: proposals.map((one) => ({ ...one, lines: withBuild(one.lines, build) })),
    leftOut: read.flatMap((one) => one.leftOut),
  };
}

function withBuild(lines: readonly ProposedLine[], build: readonly ProposedLine[]): readonly ProposedLine[] {
  const [first, ...rest] = lines;
  return first === undefined ? lines : [first, ...build, ...rest];
}

function fromFile({ file, text }: TextFile): Proposals {
  try {
    const all = workloadsIn(objectsIn(text, file)).flatMap(containersOf);
    return { proposals: all.map((one) => proposalOf(file, one, all)), leftOut: [] };
  } catch (error) {
    if (!(error instanceof CannotRunError)) throw error;
    return { proposals: [], leftOut: [`${file}, which cannot be read as a manifest: ${error.message}`] };
  }
}

function proposalOf(file: string, container: Container, all: readonly Container[]): Proposal {
  const { workload, name, field } = container;
  const isAlone = containersOf(workload).length === 1;
  const isWorker = ENDS_BY_ITSELF.includes(workload.kind);
  return {
    name: nameFrom(isAlone ? workload.name : `${workload.name}-${name}`),
    lines: [
      said('manifest', pathValue(file)),
      ...(all.length === 1 ? [] : [said('container', isAlone ? workload.name : `${workload.name}/${name}`)]),
      offered('profile', 'kubernetes', 'as every manifest has it'),
      ...graceLines(workload),
      ...(isWorker ? WORKER_LINES : [...portLines(field), PATH_OFFER]),
    ],
  };
}

function graceLines({ spec }: Workload): readonly ProposedLine[] {
  const { value } = at(spec, 'terminationGracePeriodSeconds');
  return typeof value === 'number'
    ? [offered('grace', `${value}s`, 'its terminationGracePeriodSeconds says so already')]
    : [];
}

function portLines(container: Field): readonly ProposedLine[] {
  const ports = items(at(container, 'ports')).filter((port) => (textOf(at(port, 'protocol')) ?? 'TCP') === 'TCP');
  const [first, ...more] = ports.map((port) => Number(at(port, 'containerPort').value));
  if (first === undefined) return [offered('port', '3000', 'it has no containerPort that says so')];
  return more.length === 0 ? [] : [said('port', String(first), `it has ${more.join(', ')} too`)];
}
