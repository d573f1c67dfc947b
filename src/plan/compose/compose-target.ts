import { CannotRunError } from '../../errors.ts';
import { type CompanionOptions, missingOf } from '../companion.ts';
import type { Missing } from '../plan.ts';
import { assertService } from './choose-service.ts';
import type { ComposeFile } from './compose-file.ts';
import { linksOf, startOrder } from './dependencies.ts';
import { quietly, readService, type Service, serviceSpot } from './service.ts';
import { entriesAt, isMap, itemsAt, textAt, under } from './spot.ts';

/** A service to be checked, and those that run beside it. */
export interface ComposeTarget extends Service {
  readonly name: string;
  /** What it is called on a network that it shares with others. */
  readonly aliases: readonly string[];
  /** In the order in which they are started, all before the target. */
  readonly companions: readonly CompanionOptions[];
}

/**
 * Reads a service of a file, what it depends on, and its sidecars.
 * @throws CannotRunError for what the file cannot say, and for a sidecar that is no service of it.
 */
export async function readComposeTarget(
  composeFile: ComposeFile,
  name: string,
  sidecars: readonly string[],
): Promise<ComposeTarget> {
  for (const sidecar of sidecars) assertSidecar(composeFile, sidecar, name);
  const needed = startOrder(composeFile, [...sidecars, name]).filter((one) => one.name !== name);
  const involved = [...needed.map((one) => one.name), name];
  const service = await readService(composeFile, name);
  const others = await Promise.all(
    needed.map(async (one) => {
      const { missing, ...service } = await readService(composeFile, one.name);
      const role = sidecars.includes(one.name) ? ('sidecar' as const) : ('dependency' as const);
      const aliases = aliasesOf(composeFile, one.name, involved);
      return { companion: { ...one, ...service, role, aliases }, missing: missingOf(one.name, missing) };
    }),
  );
  return {
    ...service,
    name,
    aliases: aliasesOf(composeFile, name, involved),
    companions: others.map(({ companion }) => companion),
    missing: [...service.missing, ...unreachable(service, needed.length), ...others.flatMap(({ missing }) => missing)],
  };
}

/** On the host's network others are found by the ports that they publish there, and ours publish none. */
function unreachable({ options }: Service, others: number): readonly Missing[] {
  const isHost = options.network === 'host' && others > 0;
  return isHost ? [{ what: 'the ports that what it depends on publishes (network_mode: host)', flag: null }] : [];
}

function assertSidecar(composeFile: ComposeFile, sidecar: string, target: string): void {
  if (assertService(composeFile, sidecar, '--sidecar') !== target) return;
  throw new CannotRunError(`"${target}" cannot be a sidecar of itself (--sidecar).`, {
    nextStep: 'Name as a sidecar what runs beside it.',
  });
}

/** The names that a service is found under by the others. */
function aliasesOf(composeFile: ComposeFile, name: string, involved: readonly string[]): readonly string[] {
  const variables = quietly({ get: composeFile.variable });
  const service = serviceSpot(composeFile, name, variables);
  const containerName = textAt(under(service, 'container_name'));
  const networks = under(service, 'networks');
  const onNetworks = isMap(networks.value)
    ? entriesAt(networks).flatMap(([, network]) =>
        itemsAt(under(network, 'aliases')).map((alias) => textAt(alias) ?? ''),
      )
    : [];
  const linked = involved
    .flatMap((other) => linksOf(serviceSpot(composeFile, other, variables)))
    .filter((link) => link.name === name)
    .map(({ alias }) => alias);
  return [...new Set([name, ...(containerName === null ? [] : [containerName]), ...onNetworks, ...linked])];
}
