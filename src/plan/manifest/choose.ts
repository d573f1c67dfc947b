import { CannotRunError } from '../../errors.ts';
import { nearest } from '../nearest.ts';
import { at, badField, type Field, isThere, namedTexts, RENDER, textOf } from './field.ts';
import { type Container, containersOf, type Workload, WORKLOAD_KINDS, workloadsIn } from './workloads.ts';

/** What kubectl takes where no container is named. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/**
 * The container that is meant: the one of that name, or the only one that there is.
 * @param wanted `NAME`, or with what tells it from others, `WORKLOAD/NAME` or `KIND/WORKLOAD/NAME`; or `WORKLOAD`, where
 *   it has one container
 * @throws CannotRunError with all that there are where none or several can be meant.
 */
export function chooseContainer(objects: readonly Field[], file: string, wanted: string | undefined): Container {
  const workloads = workloadsIn(objects);
  const all = workloads.flatMap(containersOf);
  if (all.length === 0) throw noContainer(objects, workloads, file);
  const meant = wanted === undefined ? byDefault(all) : called(wanted, all);
  const [first, ...others] = meant;
  if (first !== undefined && others.length === 0) return first;
  throw first === undefined ? noneOf(String(wanted), all, file) : severalOf(meant, all, file, wanted);
}

/** By the container's name, or else by that of its workload. */
function called(wanted: string, all: readonly Container[]): readonly Container[] {
  const named = all.filter((one) => isCalled(fullName(one), wanted));
  return named.length > 0 ? named : byDefault(all.filter((one) => isCalled(workloadName(one), wanted)));
}

/** Of one workload the container that its pods name as theirs. */
function byDefault(all: readonly Container[]): readonly Container[] {
  const [first] = all;
  if (first === undefined || all.some(({ workload }) => workload !== first.workload)) return all;
  const name = namedTexts(at(first.workload.metadata, 'annotations'))[DEFAULT_CONTAINER];
  const named = all.filter((one) => one.name === name);
  return named.length === 1 ? named : all;
}

function isCalled(fully: string, wanted: string): boolean {
  return `/${fully}`.toLowerCase().endsWith(`/${wanted.toLowerCase()}`);
}

function fullName(container: Container): string {
  return `${workloadName(container)}/${container.name}`;
}

function workloadName({ workload }: Container): string {
  return `${workload.kind.toLowerCase()}/${workload.name}`;
}

/** The shortest name that means this container alone, where there is one. */
function shortName(container: Container, all: readonly Container[]): string {
  const names = [container.name, `${container.workload.name}/${container.name}`];
  const means = (name: string): boolean => all.filter((other) => isCalled(fullName(other), name)).length === 1;
  return names.find(means) ?? fullName(container);
}

function severalOf(
  meant: readonly Container[],
  all: readonly Container[],
  file: string,
  wanted: string | undefined,
): CannotRunError {
  const called = wanted === undefined ? '' : ` called "${wanted}"`;
  const names = meant.map((one) => shortName(one, all));
  const canTell = new Set(names).size === names.length;
  return new CannotRunError(`${file} has ${meant.length} containers${called}, and it is unclear which one is meant.`, {
    detail: listed(meant, all),
    nextStep: canTell ? `Choose one: --container ${names[0]}` : 'Leave one of each name in the file.',
  });
}

function noneOf(wanted: string, all: readonly Container[], file: string): CannotRunError {
  const names = all.map((one) => shortName(one, all));
  return new CannotRunError(`${file} has no container "${wanted}".`, {
    detail: ['It has:', ...listed(all, all)],
    nextStep: `Choose one: --container ${nearest(wanted, names) ?? names[0]}`,
  });
}

function listed(some: readonly Container[], all: readonly Container[]): readonly string[] {
  return some.map((one) => {
    const image = textOf(at(one.field, 'image'));
    return `${shortName(one, all)}, of the ${one.workload.kind} "${one.workload.name}"${image === null ? '' : `: ${image}`}`;
  });
}

function noContainer(objects: readonly Field[], [workload]: readonly Workload[], file: string): CannotRunError {
  if (workload !== undefined) return badField(at(workload.spec, 'containers'), 'a list of containers');
  const kinds = [...new Set(objects.map((object) => textOf(at(object, 'kind')) ?? 'no kind'))];
  const found = kinds.length === 0 ? 'It is empty.' : `There is: ${kinds.join(', ')}.`;
  return new CannotRunError(`${file} has nothing in it that runs containers. ${found}`, {
    nextStep: nextStepWithout(objects, kinds, file),
  });
}

function nextStepWithout(objects: readonly Field[], kinds: readonly string[], file: string): string {
  if (kinds.includes('Kustomization') || objects.some(({ source }) => source.isTemplate)) return RENDER;
  if (objects.some((object) => isThere(at(object, 'services')))) {
    return `If it is a compose file: shutdown-check run ${file}`;
  }
  return `Name a file with one of these: ${WORKLOAD_KINDS.join(', ')}.`;
}
