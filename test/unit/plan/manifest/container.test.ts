import { describe, expect, test } from 'vitest';

import { parseManifest } from '../../../../src/plan/manifest/read-manifest.ts';
import { deployment, read, told } from './told.ts';

const PORTS = 'ports: [{ containerPort: 9090, name: metrics }, { containerPort: 8080, name: web }]';

describe('what a container says of itself', () => {
  test.each<[string, object]>([
    ['', {}],
    ['command: [node, server.js]', { entrypoint: ['node', 'server.js'], command: [] }],
    ['args: [--port, "80"]', { command: ['--port', '80'] }],
    [
      'command: [sh, -c]\nargs: [echo $(A)]\nenv: [{ name: A, value: b }]',
      { entrypoint: ['sh', '-c'], command: ['echo b'] },
    ],
    ['command: []\nargs: []', {}],
    ['workingDir: /srv', { workingDir: '/srv' }],
    ['securityContext: { runAsUser: 1000, runAsGroup: 2000 }', { user: '1000:2000' }],
    ['securityContext: { runAsUser: 0, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }', { user: '0' }],
    ['securityContext: { runAsGroup: 2000 }', {}],
    ['lifecycle: { stopSignal: SIGQUIT }', { stopSignal: 'SIGQUIT' }],
    ['resources: { limits: { memory: 256Mi, cpu: 500m } }', { memoryBytes: 268_435_456, cpus: 0.5 }],
    ['resources: { limits: { memory: 1G, cpu: 2 } }', { memoryBytes: 1e9, cpus: 2 }],
    ['resources: { requests: { memory: 1G, cpu: 2 } }', {}],
    ['nobody: { knows: [this] }', {}],
  ])('%j', (text, want) => {
    const { env: _, ...options } = read(text).options;
    expect(options).toEqual(want);
  });

  test('its own user goes before the pod’s', () => {
    const pod = 'securityContext: { runAsUser: 1, runAsGroup: 2 }';
    expect(read('', pod).options).toEqual({ user: '1:2' });
    expect(read('securityContext: { runAsUser: 3 }', pod).options).toEqual({ user: '3:2' });
  });

  test('the grace period is the pod’s, and Kubernetes’ own where it has none', () => {
    expect(read('', 'terminationGracePeriodSeconds: 45').options).toEqual({ graceMs: 45_000 });
    expect(read('').options).toEqual({});
  });

  test.each([
    ['workingDir: srv', 'spec.template.spec.containers[0].workingDir cannot be "srv": it takes an absolute path.'],
    ['lifecycle: { stopSignal: SIGNOPE }', 'lifecycle.stopSignal cannot be "SIGNOPE": it takes a signal'],
    ['securityContext: { runAsUser: ann }', 'securityContext.runAsUser cannot be "ann": it takes a whole number'],
    ['resources: { limits: { memory: 256MB } }', 'resources.limits.memory cannot be "256MB": it takes a quantity'],
    [
      'resources: { limits: { memory: 1Mi } }',
      'resources.limits.memory cannot be "1Mi": it takes a size of at least 6m',
    ],
    ['command: node server.js', 'command cannot be "node server.js": it takes a list.'],
    ['args: [80]', 'args[0] cannot be 80: it takes a text. Put it in quotes.'],
  ])('%s is refused', (text, want) => {
    expect(() => read(text)).toThrow(want);
  });
});

describe('the port and the ready path', () => {
  test.each<[string, object]>([
    ['ports: [{ containerPort: 3000 }]', { port: 3000 }],
    ['ports: [{ containerPort: 3000 }, { containerPort: 53, protocol: UDP }]', { port: 3000 }],
    ['ports: [{ containerPort: 1 }, { containerPort: 2 }]', {}],
    [PORTS, { port: 8080 }],
    ['readinessProbe: { httpGet: { port: 81 } }', { port: 81, readyPath: '/' }],
    ['readinessProbe: { httpGet: { port: "81", path: ready?a=b } }', { port: 81, readyPath: '/ready?a=b' }],
    [`${PORTS}\nreadinessProbe: { httpGet: { port: web, path: /ready } }`, { port: 8080, readyPath: '/ready' }],
    ['readinessProbe: { httpGet: { port: 81, scheme: HTTPS } }', { port: 81, readyPath: '/', insecure: true }],
    [
      'livenessProbe: { httpGet: { port: 1, path: /l } }\nstartupProbe: { httpGet: { port: 2, path: /s } }',
      { port: 2, readyPath: '/s' },
    ],
    ['livenessProbe: { httpGet: { port: 1, path: /l } }\nstartupProbe: { exec: {} }', { port: 1, readyPath: '/l' }],
    ['livenessProbe: { httpGet: { port: 1, path: /l } }\nreadinessProbe: { tcpSocket: { port: 2 } }', { port: 2 }],
    [`${PORTS}\nreadinessProbe: { tcpSocket: { port: metrics } }`, { port: 8080 }],
  ])('%j', (text, want) => {
    const got = read(text);
    expect(got).toEqual({ options: want, missing: [] });
  });

  test('a probe of another port than the app’s own is asked there, and requests go to the app’s', () => {
    const text = `${PORTS}\nreadinessProbe: { httpGet: { port: metrics, path: /ready } }`;
    expect(read(text)).toEqual({ options: { port: 8080, readyPath: '/ready', readyPort: 9090 }, missing: [] });
    expect(read(text, '', '', { port: 9090 }).options).toEqual({ port: 9090, readyPath: '/ready' });
    const overTls = `${PORTS}\nreadinessProbe: { httpGet: { port: metrics, path: /ready, scheme: HTTPS } }`;
    expect(read(overTls).options).toEqual({ port: 8080 });
    expect(told(read(overTls))).toEqual(['its readiness probe, over HTTPS on 9090']);
  });

  test('a probe of another kind is told, and gRPC’s port goes with gRPC', () => {
    const grpc = `${PORTS}\nreadinessProbe: { grpc: { port: 50051 } }`;
    expect(told(read(grpc))).toEqual(['its readiness probe, a gRPC health check (--grpc health)']);
    expect(read(grpc).options).toEqual({ port: 8080 });
    expect(read(grpc, '', '', { grpc: 'health' }).options).toEqual({ port: 50_051 });
    const exec = 'readinessProbe: { exec: { command: [./ready] } }\nlivenessProbe: { httpGet: { port: 1 } }';
    expect(told(read(exec))).toEqual(['its readiness probe, a command (--ready-path /...)']);
  });

  test.each([
    [
      `${PORTS}\nreadinessProbe: { httpGet: { port: http } }`,
      'httpGet.port cannot be "http": it takes a port, or the name of one of the container\'s (metrics, web).',
    ],
    ['readinessProbe: { httpGet: { path: / } }', 'httpGet.port is missing: it takes a port'],
    [
      'readinessProbe: { httpGet: { port: 70000 } }',
      'httpGet.port cannot be 70000: it takes a whole number from 1 to 65535.',
    ],
    [
      'readinessProbe: { httpGet: { port: 1, scheme: FTP } }',
      'httpGet.scheme cannot be "FTP": it takes HTTP or HTTPS.',
    ],
    ['readinessProbe: { httpGet: { port: 1, path: "/a b" } }', 'httpGet.path cannot be "/a b"'],
    [
      'ports: [{ containerPort: http }]',
      'ports[0].containerPort cannot be "http": it takes a whole number from 1 to 65535.',
    ],
    ['ports: [{ name: http }]', 'ports[0].containerPort is missing: it takes a port.'],
  ])('%j is refused', (text, want) => {
    expect(() => read(text)).toThrow(want);
  });
});

describe('hooks', () => {
  test.each<[string, object]>([
    ['exec: { command: [sh, -c, sleep 5] }', { kind: 'exec', command: ['sh', '-c', 'sleep 5'] }],
    ['sleep: { seconds: 5 }', { kind: 'sleep', sleepMs: 5_000 }],
    ['httpGet: { port: web, path: drain }', { kind: 'http', port: 8080, path: '/drain', headers: {}, tls: false }],
    [
      'httpGet: { port: 81, scheme: https, httpHeaders: [{ name: X-Token, value: t }] }',
      { kind: 'http', port: 81, path: '/', headers: { 'X-Token': 't' }, tls: true },
    ],
  ])('preStop %s', (text, want) => {
    const got = read(`${PORTS}\nlifecycle: { preStop: { ${text} } }`);
    expect(got).toEqual({ options: { port: 8080, preStop: want }, missing: [] });
  });

  test.each([
    [
      'preStop: { tcpSocket: { port: 80 } }',
      'its preStop hook (tcpSocket), which Kubernetes has in its API and does not carry out',
    ],
    ['preStop: { httpGet: { port: 80, host: other } }', 'its preStop hook, a GET of other'],
    ['postStart: { exec: { command: [./warm] } }', 'its postStart hook'],
  ])('%s is not run', (text, want) => {
    const got = read(`lifecycle: { ${text} }`);
    expect(got.options).toEqual({});
    expect(told(got)).toEqual([want]);
  });

  test.each([
    ['exec: {}', 'preStop.exec.command is missing: it takes a list of texts'],
    ['sleep: { seconds: 1.5 }', 'preStop.sleep.seconds cannot be 1.5: it takes a whole number'],
    ['httpGet: { path: / }', 'preStop.httpGet.port is missing'],
  ])('%s is refused', (text, want) => {
    expect(() => read(`lifecycle: { preStop: { ${text} } }`)).toThrow(want);
  });
});

describe('volumes', () => {
  const MOUNT = 'volumeMounts: [{ name: v, mountPath: /data }]';
  test.each([
    'emptyDir: {}',
    'emptyDir: { medium: Memory }',
    'emptyDir:',
    'ephemeral: { volumeClaimTemplate: {} }',
    'secret: { secretName: s, optional: true }',
    'configMap: { name: c, optional: true }',
  ])('one of %s begins empty', (text) => {
    expect(read(MOUNT, `volumes: [{ name: v, ${text} }]`)).toEqual({ options: { volumes: ['/data'] }, missing: [] });
  });

  test.each([
    ['configMap: { name: c }', 'the ConfigMap "c"'],
    ['secret: { secretName: s }', 'the secret "s"'],
    ['persistentVolumeClaim: { claimName: p }', 'the volume claim "p"'],
    ['hostPath: { path: /var/run/docker.sock }', '/var/run/docker.sock of the node'],
    ['projected: { sources: [] }', 'the projected volume "v"'],
    ['csi: { driver: d }', 'the csi volume "v"'],
  ])('one of %s is missing', (text, want) => {
    const got = read(MOUNT, `volumes: [{ name: v, ${text} }]`);
    expect(got.options).toEqual({});
    expect(told(got)).toEqual([`/data from ${want} (--volume SOURCE:/data)`]);
  });

  test('one that the pod does not name is a claim of the StatefulSet', () => {
    expect(told(read(MOUNT))).toEqual(['/data from the volume claim "v" (--volume SOURCE:/data)']);
  });
});

describe('what stands beside the container', () => {
  test('is missing, with the flag that adds it where there is one', () => {
    const pod = `
shareProcessNamespace: true
hostNetwork: true
serviceAccountName: reader
initContainers:
  - { name: migrate, image: m }
  - { name: proxy, image: p, restartPolicy: Always }`;
    expect(told(read('', pod))).toEqual([
      'the init container "migrate"',
      'the sidecar "proxy" (--sidecar proxy)',
      'shareProcessNamespace, with which the app is not PID 1',
      "hostNetwork, the node's own network",
      'the cluster\'s API, with the service account "reader"',
    ]);
    expect(told(read('', 'serviceAccountName: reader\nautomountServiceAccountToken: false'))).toEqual([]);
  });

  test('other containers are missing too', () => {
    const text = deployment('', '', '        - { name: log, image: l }');
    const { container } = parseManifest(text, 'deployment.yaml', { container: 'app' });
    expect(container.missing).toEqual([{ what: 'the container "log"', flag: null }]);
  });

  test('native sidecars are read in the manifest’s order, each for itself', () => {
    const pod = `
terminationGracePeriodSeconds: 40
initContainers:
  - { name: proxy, image: p, restartPolicy: Always, args: [$(A)], env: [{ name: A, value: b }] }
  - { name: migrate, image: m }
  - name: log
    image: l
    restartPolicy: Always
    lifecycle: { preStop: { sleep: { seconds: 1 } } }
    env: [{ name: T, valueFrom: { secretKeyRef: { name: s, key: t } } }]`;
    const given = { env: { A: 'for the app' } };
    const { sidecars } = parseManifest(deployment('', pod), 'deployment.yaml', given);
    const same = { image: true, profile: 'kubernetes', graceMs: 40_000 };
    expect(sidecars).toEqual([
      { name: 'proxy', from: { options: { ...same, target: 'p', command: ['b'], env: { A: 'b' } }, missing: [] } },
      {
        name: 'log',
        from: {
          options: { ...same, target: 'l', preStop: { kind: 'sleep', sleepMs: 1_000 } },
          missing: [{ what: 'T from the secret "s"', flag: '--env T=...' }],
        },
      },
    ]);
  });
});
