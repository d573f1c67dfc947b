import type { FromFile } from '../from-file.ts';
import type { Missing } from '../plan.ts';
import type { Around } from './around.ts';
import { at, type Field, isThere } from './field.ts';
import { httpGetOf } from './http-get.ts';
import { httpPort, likelyPort, portAt } from './ports.ts';

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
  const { port, path, tls } = httpGetOf(httpGet, container);
  // What it asks there says nothing of another port.
  if (given !== undefined && given !== port) return { options: {}, missing: [] };
  const http = httpPort(container);
  const elsewhere =
    http === null || http.port === port
      ? []
      : [
          {
            what: `requests to its port "${http.name}": its readiness probe asks ${port}`,
            flag: `--port ${http.port}`,
          },
        ];
  // The kubelet checks no certificate.
  return { options: { port, readyPath: path, ...(tls ? { insecure: true } : {}) }, missing: elsewhere };
}

function portOf(probe: Field, container: Field): number | null {
  const port = [at(probe, 'grpc', 'port'), at(probe, 'tcpSocket', 'port')].find(isThere);
  return port === undefined ? null : portAt(port, container);
}

function missingOf(probe: Field, isGrpc: boolean): readonly Missing[] {
  if (isGrpc) return [{ what: 'its readiness probe, a gRPC health check', flag: '--grpc health' }];
  return isThere(at(probe, 'exec')) ? [{ what: 'its readiness probe, a command', flag: '--ready-path /...' }] : [];
}
