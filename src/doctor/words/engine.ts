import { type DoctorLine, fine, untold } from '../line.ts';
import type { AddressFacts, ClockFacts, EngineFacts, Machine, RegistryFacts } from '../machine.ts';
import { silence } from './phrases.ts';

const NAMES = { docker: 'Docker', podman: 'Podman', namespace: 'A kernel', kubernetes: 'Kubernetes' } as const;

export function engineLine({ engine }: Machine): DoctorLine {
  if (engine.kind === 'none')
    return {
      name: 'engine',
      state: 'missing',
      found: [engine.message, ...engine.detail].join('\n'),
      costs: 'No image can be checked: run, budget, rollout and scenarios need an engine; exec and lint do not.',
      remedy: engine.nextStep,
    };
  const found = `${NAMES[engine.info.kind]} ${engine.info.version}${apiOf(engine)}${systemOf(engine)}, at ${engine.dockerHost} (${engine.namedBy}).`;
  if (engine.info.kind !== 'podman') return fine('engine', found);
  return {
    name: 'engine',
    state: 'limited',
    found,
    costs: 'It does not tell which signals it sent: that SIGKILL fired is inferred from the exit code and the time.',
    remedy: 'Where that matters, name a Docker engine with DOCKER_HOST.',
  };
}

type Answering = Extract<EngineFacts, { kind: 'answers' }>;

function apiOf({ info }: Answering): string {
  return info.apiVersion === null ? '' : `, API ${info.apiVersion}`;
}

function systemOf({ system, kernel, architecture }: Answering): string {
  if (system === null) return '';
  const machine = [architecture, kernel === null ? null : `kernel ${kernel}`].filter((part) => part !== null);
  return ` on ${system}${machine.length === 0 ? '' : ` (${machine.join(', ')})`}`;
}

export function addressLine({ address, engine }: Machine): DoctorLine {
  if (address === null) return untold('address', 'Not asked: there is no engine.');
  if (address.kind === 'unanswered') return untold('address', silence(address));
  if (address.kind === 'unknown') return untold('address', `Told when a container runs: ${address.because}.`);
  if (address.kind === 'own')
    return fine(
      'address',
      `A container's own address: this machine is in their network, ${address.subnet} (${address.device}).`,
    );
  return published(address, engine.kind === 'answers' && engine.isRemote);
}

function published({ host, subnet }: AddressFacts & { kind: 'published' }, isRemote: boolean): DoctorLine {
  const because = isRemote
    ? 'the engine is on another machine'
    : `this machine is not in the containers' network${subnet === null ? '' : `, ${subnet}`}`;
  return {
    name: 'address',
    state: 'limited',
    found: `A published port on ${host}: ${because}.`,
    costs: [
      "The engine's proxy stands between: a refused connection looks like a lost request, so more are ambiguous, and",
      'whether the app had read a request is not told.',
    ].join(' '),
    remedy: isRemote
      ? "Run this program on the engine's machine."
      : "Run this program on Linux on the engine's own machine, or in a container of that engine with its socket mounted.",
  };
}

export function registryLine({ registry, engine }: Machine): DoctorLine {
  if (registry === null) return untold('registry', 'Not asked: there is no engine.');
  const costs = 'Images that are not on the engine cannot be pulled, base images of a build among them.';
  if (registry.kind === 'unanswered') return { ...unreachable(engine, silence(registry)), costs };
  if (registry.kind === 'unknown') return untold('registry', `Told at the first pull: ${registry.because}.`);
  if (registry.kind === 'answers')
    return fine('registry', `The engine gets through to ${registry.registry}, in ${registry.tookMs} ms.`);
  return { ...unreachable(engine, said(registry)), costs };
}

function said({ registry, because }: RegistryFacts & { kind: 'fails' }): string {
  return `The engine does not get through to ${registry}: ${because.replace(/\.$/, '')}.`;
}

function unreachable(engine: EngineFacts, found: string): Omit<DoctorLine, 'costs'> {
  const { proxy, mirrors } = engine.kind === 'answers' ? engine : { proxy: null, mirrors: [] };
  const more = [
    proxy === null ? '' : ` It goes through the proxy ${proxy}.`,
    mirrors.length === 0 ? '' : ` Its mirrors were not asked: ${mirrors.join(', ')}.`,
  ];
  return {
    name: 'registry',
    state: 'limited',
    found: found + more.join(''),
    remedy: [
      proxy === null
        ? 'Behind a proxy the engine needs it, not this program: HTTPS_PROXY for its service, then restart it.'
        : 'See that the proxy lets the registry through.',
      'Or bring images with `docker load`, from another registry by their full name, or from one you logged in to.',
    ].join('\n'),
  };
}

/** More than a busy machine takes to answer. */
const CLOCKS_AGREE_MS = 100;

export function clockLine({ clock }: Machine): DoctorLine {
  if (clock === null) return untold('clock', 'Not asked: there is no engine.');
  if (clock.kind === 'unanswered') return untold('clock', silence(clock));
  if (clock.kind === 'unknown') return untold('clock', 'The engine does not tell its time.');
  const found = `The engine's clock is ${offsetOf(clock)} ours, within ${clock.withinMs} ms.`;
  if (Math.abs(clock.offsetMs) <= CLOCKS_AGREE_MS + clock.withinMs) return fine('clock', found);
  return {
    name: 'clock',
    state: 'limited',
    found,
    costs: "Little: all times are of this program's own clock, but for the moment at which a process ended.",
    remedy: 'Have both set by the network: `sudo timedatectl set-ntp true`.',
  };
}

function offsetOf({ offsetMs }: ClockFacts & { kind: 'told' }): string {
  const size = Math.abs(offsetMs);
  const shown = size < 1_000 ? `${size} ms` : `${(size / 1_000).toFixed(1)} s`;
  return `${shown} ${offsetMs < 0 ? 'behind' : 'ahead of'}`;
}
