import { canHaveOwnNetwork } from '../engines/namespace/own-network.ts';
import { CannotRunError } from '../errors.ts';
import { resolveAttached } from './attach-source.ts';
import { badValue } from './bad-value.ts';
import { CHECKS, EXEC_CHECKS, type Check } from './checks.ts';
import { resolveCommand } from './command-source.ts';
import type { ComposeFile } from './compose/compose-file.ts';
import type { ComposeTarget } from './compose/compose-target.ts';
import { chosenTarget, companionsOf, composeFileOf } from './compose/resolve-compose.ts';
import { companionPlan } from './companion.ts';
import { commonContainer, imageContainer } from './container.ts';
import { DEFAULTS } from './defaults.ts';
import { formatDuration } from './durations.ts';
import { resolveImage, type WithTarget } from './image-source.ts';
import type { CommonOptions, ExecOptions, RunOptions } from './options.ts';
import { overFile } from './over-file.ts';
import type { ContainerPlan, JobPlan, LimitsPlan, LoadPlan, Plan, RequestPlan, Source } from './plan.ts';
import { RANGES, reasonFor } from './ranges.ts';
import { resolveProtocol } from './protocol.ts';
import { resolveSequence } from './sequence.ts';
import { checkKeys, resolveRequests } from './requests.ts';
import { withManifest } from './with-manifest.ts';
import { refuseIdle } from './work.ts';

/**
 * Everything a run will do, checked and with every default filled in. Reads the disk to tell paths from images, and the
 * file that the target comes from.
 * @throws CannotRunError that names the option, its flag, the bad value and the valid forms.
 */
export async function resolvePlan(given: RunOptions): Promise<Plan> {
  checkOptions(given, CHECKS);
  const attached = given.attach === undefined ? null : resolveAttached({ ...given, attach: given.attach });
  refuseIdle(given);
  const composeFile = await composeFileOf(given);
  if (composeFile !== null) return await planOfService(given, composeFile, await chosenTarget(composeFile, given));
  const { options, missing, filledIn, sidecars } = await withManifest(given);
  const companions = await Promise.all(sidecars.map((one) => companionPlan(one, given.network)));
  const plan = await planOfImage(options, attached);
  const container = { ...plan.container, filledIn };
  return { ...plan, container, companions, file: options.manifest ?? null, missing };
}

/**
 * Checks what was given, before any file is read.
 * @throws CannotRunError for an option that is none, or has no place beside another.
 */
export function checkGiven(given: RunOptions): void {
  checkOptions(given, CHECKS);
  refuseIdle(given);
}

/**
 * The plan of a compose file's service, and of those that it needs.
 * @throws CannotRunError for an option that is none, or has no place beside another.
 */
export async function planOfService(
  { target: _file, ...given }: RunOptions,
  { root }: ComposeFile,
  target: ComposeTarget,
): Promise<Plan> {
  const { options, missing, filledIn } = overFile(given, target);
  const [plan, companions] = await Promise.all([planOfImage(options), companionsOf(target, given.network)]);
  const container = { ...plan.container, filledIn, aliases: companions.length === 0 ? [] : target.aliases };
  return { ...plan, container, service: target.name, companions, file: root.file, missing };
}

async function planOfImage(options: RunOptions, attached: Source | null = null): Promise<Plan> {
  checkOptions(options, CHECKS);
  const source = async (): Promise<Source> => attached ?? (await resolveImage(withTarget(options)));
  return await planOf(options, source, imageContainer(options));
}

function withTarget(options: RunOptions): WithTarget {
  const { target } = options;
  if (target !== undefined) return { ...options, target };
  throw new CannotRunError(`options: "target" is missing; it takes ${CHECKS.target.takes}.`, {
    nextStep: 'For a Kubernetes manifest give "manifest", for a container that runs already "attach".',
  });
}

/**
 * The same for a command of this machine.
 * @throws CannotRunError that names the option, its flag, the bad value and the valid forms.
 */
export async function resolveExecPlan(options: ExecOptions): Promise<Plan> {
  checkOptions(options, EXEC_CHECKS);
  if (options.command === undefined)
    throw new CannotRunError(`options: "command" is missing; it takes ${EXEC_CHECKS.command.takes}.`);
  refuseIdle(options);
  const needsPort = options.load !== 'none';
  // A worker opens no port that another one could be in the way of, and its queue may be on this machine.
  const network = options.network ?? (needsPort && (await canHaveOwnNetwork()) ? 'own' : 'host');
  const container = { ...commonContainer(options), network };
  return await planOf({ warmupMs: DEFAULTS.execWarmupMs, ...options }, () => resolveCommand(options), container);
}

async function planOf(options: CommonOptions, source: () => Promise<Source>, container: ContainerPlan): Promise<Plan> {
  const requests = options.load === 'none' ? [] : resolveRequests(options);
  const sequence = resolveSequence(options);
  const { graceMs } = sequence;
  const readyTimeoutMs = options.readyTimeoutMs ?? DEFAULTS.readyTimeoutMs;
  const load = await resolveLoad(options, requests, graceMs);
  checkLength(readyTimeoutMs + load.warmupMs + graceMs + load.requestTimeoutMs);
  checkCount(load, load.warmupMs + graceMs + load.requestTimeoutMs);
  return {
    name: options.name ?? null,
    image: await source(),
    container,
    service: null,
    companions: [],
    readyPath: options.readyPath ?? requests[0]?.path ?? DEFAULTS.path,
    readyPort: options.readyPort ?? null,
    readyTimeoutMs,
    load,
    jobs: resolveJobs(options),
    when: whenOf(options),
    ...sequence,
    acceptExitCodes: options.acceptExitCodes ?? null,
    limits: limitsOf(options),
    strictUnread: options.strictUnread ?? false,
    kernelTrace: options.kernelTrace ?? 'auto',
    logMatch: options.logMatch ?? [],
    prove: options.prove ?? false,
    maxGraceMs: options.maxGraceMs ?? DEFAULTS.maxGraceMs,
    repeat: options.repeat ?? 1,
    timeoutMs: options.timeoutMs ?? DEFAULTS.timeoutMs,
    file: null,
    missing: [],
  };
}

function whenOf({ when = 'ready' }: CommonOptions): Plan['when'] {
  return when === 'starting' ? DEFAULTS.startDelayMs : when;
}

function limitsOf(options: CommonOptions): LimitsPlan {
  return {
    drainMs: options.maxDrainMs ?? null,
    stopMs: options.maxStopMs ?? null,
    latencyMs: options.maxLatencyMs ?? null,
    rejected: options.maxRejected ?? 0,
  };
}

function resolveJobs({ load, jobStart, jobEnd }: CommonOptions): JobPlan | null {
  if (jobStart === undefined && jobEnd === undefined) return null;
  if (jobStart === undefined || jobEnd === undefined) {
    const [given, missing] = jobStart === undefined ? ['--job-end', '--job-start'] : ['--job-start', '--job-end'];
    throw new CannotRunError(`${given} needs ${missing}: a job counts from its first line to its last.`, {
      nextStep: `For example: --job-start 'job (\\d+) begins' --job-end 'job (\\d+) done'`,
    });
  }
  if (load === 'none') return { start: jobStart, end: jobEnd };
  throw new CannotRunError('--job-start and --job-end are for a worker that takes no requests.', {
    nextStep: 'Add --load none, or leave them out.',
  });
}

async function resolveLoad(
  options: CommonOptions,
  requests: readonly RequestPlan[],
  graceMs: number,
): Promise<LoadPlan> {
  const warmupMs = options.warmupMs ?? DEFAULTS.warmupMs;
  return {
    kind: options.load ?? 'requests',
    ...(await resolveProtocol(options)),
    requestIdHeader: options.requestIdHeader ?? null,
    rate: options.rate ?? 'auto',
    requests,
    expectStatus: options.expectStatus ?? null,
    requestTimeoutMs: options.requestTimeoutMs ?? graceMs + DEFAULTS.requestTimeoutOverGraceMs,
    warmupMs,
    rampMs: warmupMs < DEFAULTS.warmupMs ? Math.round(warmupMs * DEFAULTS.rampShare) : DEFAULTS.rampMs,
    connections: options.connections ?? 'both',
    minInFlight: options.minInFlight ?? 1,
  };
}

/** Times in the ledger are 32-bit microseconds, which last for 71 minutes; one is left for what nobody asked for. */
export function checkLength(longestMs: number): void {
  if (longestMs <= DEFAULTS.maxLengthMs) return;
  throw new CannotRunError(
    `The longest that this run could take is ${formatDuration(longestMs)}, and its record holds ${formatDuration(DEFAULTS.maxLengthMs)}.`,
    { nextStep: 'Shorten --ready-timeout, --warmup, --grace or --request-timeout (grace + 5s where not given).' },
  );
}

/** The ledger has room for so many requests. */
export function checkCount({ rate, requests }: LoadPlan, loadedMs: number): void {
  const periodic = requests.reduce((sum, { everyMs }) => sum + (everyMs === null ? 0 : 1000 / everyMs), 0);
  const perSecond = periodic + (rate === 'auto' ? DEFAULTS.maxAutoRate : rate);
  const count = (perSecond * loadedMs) / 1000;
  if (count <= DEFAULTS.maxRequests) return;
  throw new CannotRunError(
    `This run could send ${Math.round(count / 1e6)} million requests, and its record holds ${DEFAULTS.maxRequests / 1e6} million.`,
    { nextStep: 'Lower --rate, or shorten --warmup, --grace or --request-timeout.' },
  );
}

/** @throws CannotRunError for an option that there is not, and for a value that one does not take. */
export function checkOptions<Options extends object>(
  options: Options,
  checks: Readonly<Record<keyof Options & string, Check>>,
): void {
  checkKeys(options, 'options', Object.keys(checks));
  for (const [key, check] of Object.entries<Check>(checks)) {
    const value: unknown = options[key as keyof Options];
    if (value === undefined || check.accepts(value)) continue;
    throw badValue({
      name: check.flag ? `${key} (--${check.flag})` : key,
      value,
      takes: check.takes,
      why: check === CHECKS.graceMs && typeof value === 'number' ? reasonFor(value, RANGES.graceMs) : undefined,
    });
  }
}
