import { stat } from 'node:fs/promises';
import path from 'node:path';
import { CannotRunError } from '../../errors.ts';
import { companionPlan } from '../companion.ts';
import type { RunOptions } from '../options.ts';
import type { CompanionPlan } from '../plan.ts';
import { chooseService } from './choose-service.ts';
import { type ComposeFile, readComposeFile } from './compose-file.ts';
import { type ComposeTarget, readComposeTarget } from './compose-target.ts';

/** As compose looks for them. */
const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * The compose file that the options are about; null where the target is something else. A YAML file is one, and so is what
 * a service is asked of.
 * @throws CannotRunError where there is none, or it cannot be read.
 */
export async function composeFileOf(options: RunOptions): Promise<ComposeFile | null> {
  const { target, service, all, sidecars } = options;
  const isAsked = service !== undefined || all === true || (sidecars?.length ?? 0) > 0;
  // A target beside a manifest is one too many, which is told where the manifest is read.
  if (target === undefined || options.manifest !== undefined) return null;
  if (options.image === true || (!isAsked && !/\.ya?ml$/i.test(target))) return null;
  const file = await fileAt(target);
  if (file !== null) return await readComposeFile(file, process.env);
  throw new CannotRunError(`There is no compose file at ${target} (looked in ${process.cwd()}).`, {
    nextStep: `Name an existing one, such as ${NAMES[0]}; --service, --all and --sidecar are for compose files.`,
  });
}

/** The file itself, or the one in a folder that compose would take. */
async function fileAt(target: string): Promise<string | null> {
  const found = await stat(target).catch(() => null);
  if (!found?.isDirectory()) return found === null ? null : target;
  for (const name of NAMES) {
    const file = path.join(target, name);
    const isThere = await stat(file).then(
      (one) => one.isFile(),
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

/**
 * What a compose file says of the service that is meant and of those beside it.
 * @throws CannotRunError for what the file cannot say, and for a service whose port cannot be told.
 */
export async function chosenTarget(
  composeFile: ComposeFile,
  options: RunOptions,
  service: string | undefined = options.service,
): Promise<ComposeTarget> {
  const name = chooseService(composeFile, service);
  const target = await readComposeTarget(composeFile, name, options.sidecars ?? []);
  const isAsked = options.load !== 'none' && options.port === undefined;
  if (isAsked && target.ports.length > 1) throw severalPorts(target, composeFile);
  return target;
}

function severalPorts({ name, ports }: ComposeTarget, { root }: ComposeFile): CannotRunError {
  return new CannotRunError(
    `The service ${name} of ${root.file} has the ports ${ports.join(', ')}, so it is unclear where requests go.`,
    { nextStep: `Name one: --port ${ports[0]}` },
  );
}

/**
 * How the services beside the target are run. On a network that the user names, what the target depends on is there.
 * @throws CannotRunError for an image that cannot be one.
 */
export async function companionsOf(
  { companions }: ComposeTarget,
  network: string | undefined,
): Promise<readonly CompanionPlan[]> {
  const needed = companions.filter(({ role }) => network === undefined || role === 'sidecar');
  return await Promise.all(needed.map((one) => companionPlan(one, network)));
}
