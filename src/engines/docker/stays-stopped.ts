import type Dockerode from 'dockerode';
import { CannotRunError } from '../../errors.ts';
import type { Plan } from '../../plan/plan.ts';
import { signalName } from '../../signals.ts';
import type { DockerConnection } from './connection.ts';
import { nameOf } from './find-running.ts';

/**
 * Refuses what would not stay stopped. The engine's own stop keeps every restart policy from acting; signals that are sent
 * one by one do not always. Docker takes only a container's own stop signal, SIGKILL, and where it has none of its own any
 * signal, for the wish that it ends, and `unless-stopped` heeds any (moby, daemon/kill.go). Podman takes none for it.
 *
 * @throws CannotRunError where a restart policy would start the container again.
 */
export function assertStaysStopped(
  { kind }: Pick<DockerConnection, 'kind'>,
  found: Dockerode.ContainerInspectInfo,
  { profile, container }: Pick<Plan, 'profile' | 'container'>,
): void {
  const policy = found.HostConfig.RestartPolicy?.Name || 'no';
  if (profile === 'docker' || policy === 'no') return;
  const name = nameOf(found);
  if (kind === 'podman') {
    throw startedAgain(name, policy, 'after signals that Podman is asked to send', 'Leave --profile kubernetes out');
  }
  const own = (found.Config as { StopSignal?: string }).StopSignal;
  const { stopSignal } = container;
  if (!own || stopSignal === null || signalName(own) === stopSignal || policy === 'unless-stopped') return;
  throw startedAgain(name, policy, `after another signal than its own, ${own}`, 'Leave --stop-signal out');
}

function startedAgain(name: string, policy: string, when: string, nextStep: string): CannotRunError {
  const message = `The container ${name} would not stay stopped: its restart policy, ${policy}, starts it again ${when}.`;
  return new CannotRunError(message, { nextStep: `${nextStep}, or start it without a restart policy.` });
}
