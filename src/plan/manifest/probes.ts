import type { FromFile } from '../from-file.ts';
import type { RunOptions } from '../options.ts';
import type { Missing } from '../plan.ts';
import type { Around } from './around.ts';
import { at, type Field, isThere } from './field.ts';
import { httpGetOf } from './http-get.ts';
import { likelyPort, portAt } from './ports.ts';

/** Where requests go, and how it is told that the app is ready: as its readiness probe asks, where that is a GET. */
export function readReadiness({ container: { field }, given }: Around): FromFile {
  const probe = probeOf(field);
  const [httpGet, grpc] = [at(probe, 'httpGet'), at(probe, 'grpc')];
  if (isThere(httpGet)) return byGet(httpGet, field, given.port);
  const asked = portOf(probe, field);
  const port = given.grpc !== undefined && isThere(grpc) ? asked : (likelyPort(field) ?? asked);
  return { options: port === null ? {} : { port }, missing: missingOf(probe, isThere(grpc)) };
}

/** Where there is no readiness probe, a pod is ready once its start-up probe passes; a liveness probe asks at least whether it answers. */
function probeOf(container: Field): Field {
  const readiness = at(container, 'readinessProbe');
  const others = [at(container, 'startupProbe'), at(container, 'livenessProbe')];
  return isThere(readiness) ? readiness : (others.find((probe) => isThere(at(probe, 'httpGet'))) ?? readiness);
}

function byGet(httpGet: Field, container: Field, given: number | undefined): FromFile {
  const asked = httpGetOf(httpGet, container);
  const port = given ?? likelyPort(container) ?? asked.port;
  if (port === asked.port) return { options: { port, readyPath: asked.path, ...withTls(asked) }, missing: [] };
  // Requests and probes are spoken to alike.
  if (asked.tls)
    return { options: { port }, missing: [{ what: `its readiness probe, over HTTPS on ${asked.port}`, flag: null }] };
  return { options: { port, readyPath: asked.path, readyPort: asked.port }, missing: [] };
}

/** The kubelet checks no certificate. */
function withTls({ tls }: { readonly tls: boolean }): Pick<RunOptions, 'insecure'> {
  return tls ? { insecure: true } : {};
}

function portOf(probe: Field, container: Field): number | null {
  const port = [at(probe, 'grpc', 'port'), at(probe, 'tcpSocket', 'port')].find(isThere);
  return port === undefined ? null : portAt(port, container);
}

function missingOf(probe: Field, isGrpc: boolean): readonly Missing[] {
  if (isGrpc) return [{ what: 'its readiness probe, a gRPC health check', flag: '--grpc health' }];
  return isThere(at(probe, 'exec')) ? [{ what: 'its readiness probe, a command', flag: '--ready-path /...' }] : [];
}
