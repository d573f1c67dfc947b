import { CannotRunError } from '../../errors.ts';
import { nearest } from '../nearest.ts';
import type { CompanionPlan } from '../plan.ts';
import type { ComposeFile } from './compose-file.ts';
import { quietly, serviceSpot } from './service.ts';
import { entriesAt, isEmpty, itemsAt, type Spot, textAt, under, wrong, yesNoAt } from './spot.ts';
import { throughCompose } from './unavailable.ts';

type WaitFor = CompanionPlan['waitFor'];

/** A service that another one needs before it starts. */
interface Dependency {
  readonly name: string;
  readonly waitFor: WaitFor;
  /** Whether its absence is an error. */
  readonly isRequired: boolean;
}

/** A service to be started, and what it has to be before those that need it are. */
export interface Needed {
  readonly name: string;
  readonly waitFor: WaitFor;
}

const CONDITIONS: Readonly<Record<string, WaitFor>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** The stricter comes later. */
const STRICTNESS: readonly WaitFor[] = ['started', 'healthy', 'completed'];

/**
 * What has to be started for these services, in an order in which each comes after what it needs; they themselves are
 * among them, in their own order where nothing says otherwise.
 * @throws CannotRunError for a service that is not there, and for services that need each other.
 */
export function startOrder(composeFile: ComposeFile, names: readonly string[]): readonly Needed[] {
  const order: string[] = [];
  const waits = new Map<string, WaitFor>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) throw needEachOther([...path, name], composeFile);
    for (const { name: needed, waitFor } of dependenciesOf(composeFile, name)) {
      waits.set(needed, stricter(waits.get(needed) ?? 'started', waitFor));
      visit(needed, [...path, name]);
    }
    if (!order.includes(name)) order.push(name);
  };
  for (const name of names) visit(name, []);
  return order.map((name) => ({ name, waitFor: waits.get(name) ?? 'started' }));
}

function stricter(a: WaitFor, b: WaitFor): WaitFor {
  return STRICTNESS.indexOf(a) > STRICTNESS.indexOf(b) ? a : b;
}

/** What a service names in `depends_on` and `links`, and whose network it shares. */
function dependenciesOf(composeFile: ComposeFile, name: string): readonly Dependency[] {
  const service = serviceSpot(composeFile, name, quietly({ get: composeFile.variable }));
  const shared = /^service:(.+)$/.exec(textAt(under(service, 'network_mode')) ?? '')?.[1];
  const all = [
    ...dependsOn(under(service, 'depends_on')),
    ...linksOf(service).map(({ name: linked }) => started(linked)),
    ...(shared === undefined ? [] : [started(shared)]),
  ];
  return all.filter((dependency) => isThere(dependency, name, composeFile));
}

function dependsOn(spot: Spot): readonly Dependency[] {
  if (Array.isArray(spot.value))
    return itemsAt(spot).map((item) => started(textAt(item, 'the name of a service') ?? ''));
  return entriesAt(spot, 'a list of services, or a map').map(([name, entry]) => {
    const condition = under(entry, 'condition');
    const waitFor = CONDITIONS[textAt(condition) ?? 'service_started'];
    if (waitFor === undefined) throw wrong(condition, `one of ${Object.keys(CONDITIONS).join(', ')}`);
    return { name, waitFor, isRequired: yesNoAt(under(entry, 'required')) ?? true };
  });
}

function started(name: string): Dependency {
  return { name, waitFor: 'started', isRequired: true };
}

/** `db`, or `db:database` where it is known by another name. */
export function linksOf(service: Spot): readonly { readonly name: string; readonly alias: string }[] {
  return itemsAt(under(service, 'links')).map((item) => {
    const [name = '', alias = name] = (textAt(item, 'a service, or service:alias') ?? '').split(':');
    return { name, alias };
  });
}

function isThere({ name, isRequired }: Dependency, by: string, { root }: ComposeFile): boolean {
  const services = entriesAt(under(root, 'services')).map(([known]) => known);
  if (services.includes(name)) return true;
  if (!isRequired) return false;
  const meant = nearest(name, services);
  const guess = meant === null ? '' : ` Did it mean ${meant}?`;
  const isIncluded = !isEmpty(under(root, 'include'));
  throw new CannotRunError(`services.${by} in ${root.file} depends on "${name}", which is not in the file.${guess}`, {
    ...(isIncluded ? { nextStep: throughCompose(root.file) } : {}),
  });
}

function needEachOther(path: readonly string[], { root }: ComposeFile): CannotRunError {
  const circle = path.slice(path.indexOf(path.at(-1) ?? ''));
  return new CannotRunError(`In ${root.file} services depend on each other: ${circle.join(' on ')}.`, {
    nextStep: 'Take one of these out of depends_on: none of them could be started first.',
  });
}
