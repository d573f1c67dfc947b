import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CannotRunError } from '../../../src/errors.ts';
import { planEachService } from '../../../src/plan/compose/each-service.ts';
import type { RunOptions } from '../../../src/plan/options.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';
import { savedPlan } from '../../../src/plan/saved-plan.ts';
import { deployment } from './manifest/told.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shutdown-check-test-'));
  await mkdir(join(folder, 'app'));
  await writeFile(join(folder, 'app', 'Dockerfile'), 'FROM scratch\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const CONTAINER = `
command: [node]
args: [server.js]
ports: [{ containerPort: 8080, name: http }]
env:
  - { name: LEVEL, value: info }
  - { name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
readinessProbe: { httpGet: { path: /ready, port: http, scheme: HTTPS } }
lifecycle:
  preStop:
    httpGet:
      path: /drain?token=t0p
      port: http
      httpHeaders: [{ name: Authorization, value: Bearer t0p }, { name: Accept, value: text/plain }]
volumeMounts:
  - { name: cache, mountPath: /cache }
  - { name: data, mountPath: /data }`;
const POD = `
terminationGracePeriodSeconds: 20
volumes: [{ name: cache, emptyDir: {} }, { name: data, persistentVolumeClaim: { claimName: data } }]`;

/** The plan of a manifest with these lines in it. */
async function planOf(given: Partial<RunOptions> = {}, text = deployment(CONTAINER, POD)): Promise<Plan> {
  const manifest = join(folder, 'deployment.yaml');
  await writeFile(manifest, text);
  return await resolvePlan({ manifest, ...given });
}

describe('a plan from a manifest', () => {
  test('does what it says, in the sequence of a pod', async () => {
    expect(await planOf()).toMatchObject({
      profile: 'kubernetes',
      file: join(folder, 'deployment.yaml'),
      image: { kind: 'image', reference: 'registry.example.com/api:1.0' },
      container: {
        entrypoint: ['node'],
        command: ['server.js'],
        env: { LEVEL: 'info' },
        volumes: ['/cache'],
        port: 8080,
      },
      readyPath: '/ready',
      graceMs: 20_000,
      routingLagMs: 2_000,
      preStop: { kind: 'http', port: 8080, path: '/drain?token=t0p' },
      load: { tls: { ca: null, insecure: true } },
      missing: [
        { what: 'PASSWORD from the secret "db"', flag: '--env PASSWORD=...' },
        { what: '/data from the volume claim "data"', flag: '--volume SOURCE:/data' },
      ],
    });
  });

  test('without a grace period has Kubernetes’ own', async () => {
    expect(await planOf({}, deployment(''))).toMatchObject({ graceMs: 30_000, missing: [] });
  });

  test('is one that can be saved: JSON, and no values that are nobody’s business', async () => {
    const plan = await planOf();
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    const saved = savedPlan(plan, folder);
    expect(saved).toMatchObject({ file: 'deployment.yaml', container: { env: { LEVEL: '(hidden)' } } });
    expect(saved.preStop).toMatchObject({
      path: '/drain?token=(hidden)',
      headers: { Authorization: '(hidden)', Accept: 'text/plain' },
    });
    expect(JSON.stringify(saved)).not.toContain('t0p');
  });
});

describe('what is given goes over the manifest', () => {
  test.each<[Partial<RunOptions>, object]>([
    [{ env: { LEVEL: 'debug', MORE: 'x' } }, { container: { env: { LEVEL: 'debug', MORE: 'x' } } }],
    [{ volumes: ['named:/cache:ro'] }, { container: { volumes: ['named:/cache:ro'] } }],
    [{ volumes: ['/other'] }, { container: { volumes: ['/cache', '/other'] } }],
    [{ command: ['other.js'] }, { container: { entrypoint: ['node'], command: ['other.js'] } }],
    [{ entrypoint: ['sh'] }, { container: { entrypoint: ['sh'], command: null } }],
    [
      { graceMs: 5_000, preStop: 'sleep:1s' },
      { graceMs: 5_000, preStop: { kind: 'sleep' } },
    ],
    [{ readyPath: '/' }, { readyPath: '/', load: { tls: { insecure: true } } }],
    // What the probe asks over TLS says nothing of another port.
    [{ port: 9 }, { container: { port: 9 }, readyPath: '/', load: { tls: null } }],
    [{ ca: 'package.json' }, { load: { tls: { insecure: false } } }],
    [{ grpc: 'health' }, { readyPath: '/grpc.health.v1.Health/Check' }],
    [{ load: 'none' }, { container: { port: null }, load: { kind: 'none', tls: null } }],
    [{ stopSignal: undefined as never }, { container: { stopSignal: null } }],
  ])('%j', async (given, want) => {
    expect(await planOf(given)).toMatchObject(want);
  });

  test.each<[Partial<RunOptions>, readonly string[]]>([
    [{ env: { PASSWORD: 'x' } }, ['/data from the volume claim "data"']],
    [{ volumes: ['./data:/data/:ro'] }, ['PASSWORD from the secret "db"']],
    [{ volumes: ['/data'], env: { PASSWORD: '' } }, []],
  ])('%j is missing no more', async (given, want) => {
    expect((await planOf(given)).missing.map(({ what }) => what)).toEqual(want);
  });

  test.each<[Partial<RunOptions>, string | null]>([
    [{ profile: 'docker' }, '--profile kubernetes'],
    [{ when: 'starting' }, null],
  ])('with %j its preStop hook is left out, and told', async (given, flag) => {
    const plan = await planOf(given);
    expect(plan).toMatchObject({ profile: 'docker', preStop: null, graceMs: 20_000 });
    expect(plan.missing.at(-1)).toEqual({ what: 'its preStop hook', flag });
  });
});

describe('what is built in place of its image', () => {
  test('is named by build, and everything else stays the manifest’s', async () => {
    const plan = await planOf({ build: join(folder, 'app'), buildArgs: { A: 'b' } });
    expect(plan).toMatchObject({ image: { kind: 'build', buildArgs: { A: 'b' } }, container: { port: 8080 } });
  });

  test('makes up for an image that the manifest does not name', async () => {
    const text = deployment('').replace(/image: .*/, 'image:');
    expect((await errorOf({}, text)).message).toContain('has no image in');
    expect((await planOf({ build: join(folder, 'app') }, text)).image.kind).toBe('build');
  });
});

describe('refusals', () => {
  test('a target beside a manifest is told how to be built in its place', async () => {
    const error = await errorOf({ target: '.' });
    expect(error.message).toContain('run takes a target or a manifest, and was given "." and ');
    expect(error.nextStep).toMatch(/--manifest .+ --build \.$/);
  });

  test.each<[Partial<RunOptions>, string]>([
    [{ build: './nowhere' }, './nowhere does not exist'],
    [{ container: 'log' }, 'has no container "log"'],
    [{ context: '.' }, 'is taken as an image, and --context is for building one'],
    [{ load: 'none', port: 1 }, 'so port (--port) has no place beside it'],
  ])('%j', async (given, want) => {
    expect((await errorOf(given)).message).toContain(want);
  });

  test.each(['{{ .Values.image }}', '${IMAGE}:1', 'ko://example.com/cmd'])('the image %s', async (image) => {
    const error = await errorOf({}, deployment('').replace(/image: .*/, `image: '${image}'`));
    expect(error.message).toContain(`"${image}" in `);
    expect(error.nextStep).toContain('--build PATH');
  });

  test.each([
    [{ container: 'api' }, 'container (--container) chooses one of the containers of a manifest, and none is given.'],
    [{ build: '.' }, "build (--build) is built in place of a manifest's image, and none is given."],
  ])('%j without a manifest', async (given, want) => {
    await expect(resolvePlan({ target: 'nginx', ...given })).rejects.toThrow(want);
  });
});

async function errorOf(given: Partial<RunOptions>, text?: string): Promise<CannotRunError> {
  const thrown: unknown = await planOf(given, text).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(CannotRunError);
  return thrown as CannotRunError;
}

describe('sidecars of a manifest', () => {
  const SIDECAR = (name: string, more = ''): string =>
    `{ name: ${name}, image: ${name}, restartPolicy: Always, volumeMounts: [{ name: cache, mountPath: /x }]${more} }`;
  const text = deployment(
    CONTAINER,
    `${POD}
initContainers:
  - { name: migrate, image: migrate }
  - ${SIDECAR('proxy', ', env: [{ name: KEY, valueFrom: { secretKeyRef: { name: k, key: k } } }]')}
  - ${SIDECAR('log', ', lifecycle: { preStop: { sleep: { seconds: 1 } } }')}`,
  );

  test('run beside it in its order, in the network of the first one, and tell what they miss', async () => {
    const { companions, container, missing } = await planOf(
      { sidecars: ['log', 'proxy'], env: { PASSWORD: 'x' } },
      text,
    );
    expect(companions).toMatchObject([
      {
        name: 'proxy',
        role: 'sidecar',
        waitFor: 'started',
        image: { kind: 'image', reference: 'proxy' },
        container: { network: null, env: {}, port: null },
      },
      { name: 'log', container: { network: 'service:proxy' } },
    ]);
    expect(container).toMatchObject({ network: 'service:proxy', aliases: [] });
    expect(missing.map(({ what }) => what)).toEqual([
      '/data from the volume claim "data"',
      'the init container "migrate"',
      'KEY from the secret "k", of proxy',
      'one volume "cache" with "app", of proxy',
      'one volume "cache" with "app", of log',
      'the preStop hook, of log',
    ]);
  });

  test('bring the network that is given', async () => {
    const { companions, container } = await planOf({ sidecars: ['log'], network: 'shop' }, text);
    expect({ log: companions[0]?.container.network, app: container.network }).toEqual({
      log: 'shop',
      app: 'service:log',
    });
  });

  test.each<[Partial<RunOptions>, string]>([
    [{ sidecars: ['logs'] }, 'has no sidecar "logs" beside the container (--sidecar). Did you mean log?'],
    [{ sidecars: ['migrate'] }, 'has no sidecar "migrate"'],
    [{ service: 'app' }, 'service (--service) is for compose files'],
    [{ all: true }, 'all (--all) is for the services of a compose file'],
  ])('%j is refused', async (given, message) => {
    const manifest = join(folder, 'deployment.yaml');
    await expect(given.all ? planEachService({ manifest, ...given }) : planOf(given, text)).rejects.toThrow(message);
  });
});

describe('a command that a manifest fills in', () => {
  const lines = `
command: [node, server.js]
args: ['--db=$(URL)', '--key=$(KEY)', '--level=$(LEVEL)', '--user=$(USER)']
env:
  - { name: LEVEL, value: info }
  - { name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
  - { name: URL, value: 'postgres://app:$(PASSWORD)@db' }
envFrom: [{ secretRef: { name: keys } }]`;
  const secrets = `
---
{ apiVersion: v1, kind: Secret, metadata: { name: db }, stringData: { password: s3cr3t-1 } }
---
{ apiVersion: v1, kind: Secret, metadata: { name: keys }, stringData: { KEY: s3cr3t-2 } }
`;
  const plan = async (): Promise<Plan> =>
    await planOf({ env: { USER: 's3cr3t-3' } }, `${deployment(lines)}\n${secrets}`);

  test('is run with the values of secrets and of what was given', async () => {
    expect((await plan()).container.command).toEqual([
      '--db=postgres://app:s3cr3t-1@db',
      '--key=s3cr3t-2',
      '--level=info',
      '--user=s3cr3t-3',
    ]);
  });

  test('is saved without those, and with what stands in the manifest for all to read', async () => {
    const saved = savedPlan(await plan(), folder);
    expect(saved.container.command).toEqual(['--db=$(URL)', '--key=$(KEY)', '--level=info', '--user=$(USER)']);
    expect(JSON.stringify(saved)).not.toContain('s3cr3t');
  });
});
