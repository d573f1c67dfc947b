import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseService } from '../../../../src/plan/compose/choose-service.ts';
import { planEachService } from '../../../../src/plan/compose/each-service.ts';
import { type ComposeFile, readComposeFile } from '../../../../src/plan/compose/compose-file.ts';
import { type ComposeTarget, readComposeTarget } from '../../../../src/plan/compose/compose-target.ts';
import type { RunOptions } from '../../../../src/plan/options.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import { resolvePlan } from '../../../../src/plan/resolve.ts';
import { savedPlan } from '../../../../src/plan/saved-plan.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shutdown-check-test-'));
  await mkdir(path.join(folder, 'api'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** No docker CLI is on this path: the files are read as YAML. */
const ENVIRONMENT = { PATH: '/nowhere', TAG: '1.2', REGION: 'eu' };

async function composeFile(text: string, files: Readonly<Record<string, string>> = {}): Promise<ComposeFile> {
  await rm(path.join(folder, '.env'), { force: true });
  for (const [name, content] of Object.entries({ 'compose.yaml': text, ...files }))
    await writeFile(path.join(folder, name), content);
  return await readComposeFile(path.join(folder, 'compose.yaml'), ENVIRONMENT);
}

/** The service `api` of a file that has what is given of it. */
async function api(lines: string, files?: Readonly<Record<string, string>>): Promise<ComposeTarget> {
  const body = lines.replaceAll(/^/gm, '    ');
  return await readComposeTarget(await composeFile(`services:\n  api:\n${body}\n`, files), 'api', []);
}

async function options(lines: string): Promise<Partial<RunOptions>> {
  return (await api(`image: app\n${lines}`)).options;
}

describe('a service', () => {
  test.each<readonly [string, Partial<RunOptions>]>([
    ['command: node server.js', { command: ['node', 'server.js'] }],
    ['command: ["node", "server.js"]', { command: ['node', 'server.js'] }],
    ["command: sh -c 'exec node $$FILE'", { command: ['sh', '-c', 'exec node $FILE'] }],
    ['entrypoint: ""', { entrypoint: [] }],
    ['entrypoint: /init --quiet', { entrypoint: ['/init', '--quiet'] }],
    ['init: true', { init: true }],
    ['init: "${INIT:-true}"', { init: true }],
    ['user: 1000', { user: '1000' }],
    ['working_dir: /srv', { workingDir: '/srv' }],
    ['platform: linux/arm64', { platform: 'linux/arm64' }],
    ['stop_signal: SIGQUIT', { stopSignal: 'SIGQUIT' }],
    ['stop_grace_period: 1m30s', { graceMs: 90_000 }],
    ['stop_grace_period: 1500ms', { graceMs: 1000 }],
    ['mem_limit: 512m', { memoryBytes: 512 * 1024 ** 2 }],
    ['mem_limit: 536870912', { memoryBytes: 512 * 1024 ** 2 }],
    ['deploy: { resources: { limits: { memory: 1G, cpus: "0.5" } } }', { memoryBytes: 1024 ** 3, cpus: 0.5 }],
    ['cpus: 1.5', { cpus: 1.5 }],
    ['network_mode: host', { network: 'host' }],
    ['pull_policy: if_not_present', { pull: 'missing' }],
    ['ports: [3000]', { port: 3000 }],
    ['ports: ["8080:3000"]', { port: 3000 }],
    ['ports: ["127.0.0.1:8080:3000/tcp", "5353:53/udp"]', { port: 3000 }],
    ['ports: ["[::1]:8080:3000"]', { port: 3000 }],
    ['ports: [{ target: 3000, published: "8080", mode: host }]', { port: 3000 }],
    ['ports: ["${PORT:-8080}:3000"]\nexpose: [9229]', { port: 3000 }],
    ['expose: ["3000"]', { port: 3000 }],
    [
      'environment: { A: 1, B: true, C: text, REGION: , UNSET: }',
      { env: { A: '1', B: 'true', C: 'text', REGION: 'eu' } },
    ],
    ['environment: [A=1, B=a=b, REGION, UNSET, "C=${TAG}"]', { env: { A: '1', B: 'a=b', REGION: 'eu', C: '1.2' } }],
    ['tmpfs: /run:size=64m', { volumes: ['/run'] }],
    ['volumes: ["/data"]', { volumes: ['/data'] }],
    ['volumes: ["/etc/hosts:/hosts:ro"]', { volumes: ['/etc/hosts:/hosts:ro'] }],
    ['volumes: [{ type: tmpfs, target: /tmp }]', { volumes: ['/tmp'] }],
  ])('of which the file says `%s` is run so: %j', async (lines, expected) => {
    expect(await options(lines)).toMatchObject(expected);
  });

  test('that only names its image leaves everything else to that', async () => {
    const { options: plain, missing, companions } = await api('image: "registry.example.com/app:${TAG}"');
    expect(plain).toEqual({ target: 'registry.example.com/app:1.2', image: true, env: {}, volumes: [] });
    expect({ missing, companions }).toEqual({ missing: [], companions: [] });
  });

  test('is built where the file says how, whatever image it names', async () => {
    const { options: built } = await api(
      'image: app\nbuild: { context: ./api, dockerfile: prod.Dockerfile, target: run, args: { V: "${TAG}", REGION: } }',
    );
    expect(built).toMatchObject({
      target: path.join(folder, 'api/prod.Dockerfile'),
      context: path.join(folder, 'api'),
      buildTarget: 'run',
      buildArgs: { V: '1.2', REGION: 'eu' },
    });
    expect(built).not.toHaveProperty('image');
    expect((await api('build: .')).options).toMatchObject({ target: path.join(folder, 'Dockerfile'), context: folder });
  });

  test('finds its folders and files relative to the file', async () => {
    const { options: mounted } = await options2(
      'volumes: [./data:/data, ../x:/x:ro]',
      'secrets: [key]\nconfigs: [{ source: conf, target: /etc/conf }]',
    );
    expect(mounted.volumes).toEqual([
      `${folder}/data:/data`,
      `${path.dirname(folder)}/x:/x:ro`,
      `${folder}/key.txt:/run/secrets/key:ro`,
      `${folder}/conf.yaml:/etc/conf:ro`,
    ]);
  });

  async function options2(...lines: readonly string[]): Promise<ComposeTarget> {
    const body = ['image: app', ...lines].join('\n').replaceAll(/^/gm, '    ');
    const sections = 'secrets: { key: { file: ./key.txt } }\nconfigs: { conf: { file: ./conf.yaml } }';
    return await readComposeTarget(await composeFile(`services:\n  api:\n${body}\n${sections}\n`), 'api', []);
  }

  test('gets the variables of its files, and over them its own', async () => {
    const files = { '.env': 'TAG=from-env-file\nMODE=prod', 'a.env': 'A=1\nB=1\nM=${MODE}', 'b.env': "B='2'\nC=2" };
    const { options: withFiles } = await api(
      'image: "app:${TAG}-${MODE}"\nenv_file: [a.env, { path: b.env }, { path: none.env, required: false }]\nenvironment: { C: 3 }',
      files,
    );
    expect(withFiles).toMatchObject({ target: 'app:1.2-prod', env: { A: '1', B: '2', C: '3', M: 'prod' } });
  });

  test('is read through anchors and merge keys', async () => {
    const text =
      'x-base: &base\n  image: app\n  environment: &env { A: 1 }\nservices:\n  api:\n    <<: *base\n    environment:\n      <<: *env\n      B: 2\n';
    const { options: merged } = await readComposeTarget(await composeFile(text), 'api', []);
    expect(merged).toMatchObject({ target: 'app', env: { A: '1', B: '2' } });
  });

  test('with a health check of its own has that in the place of the image’s', async () => {
    const { options: checked } = await api(
      'image: app\nhealthcheck: { test: "curl -f http://localhost", interval: 1m30s, timeout: 10s, retries: 3, start_period: 500ms }',
    );
    expect(checked.healthcheck).toEqual({
      test: ['CMD-SHELL', 'curl -f http://localhost'],
      intervalMs: 90_000,
      timeoutMs: 10_000,
      startPeriodMs: 500,
      retries: 3,
    });
    expect((await options('healthcheck: { disable: true }')).healthcheck?.test).toEqual(['NONE']);
  });

  test('tells what it asks for and a container of ours has not', async () => {
    const { missing, options: with_ } = await api(
      'image: "app:${UNSET}"\nvolumes: [data:/data]\nsecrets: [key]\nprivileged: true\ncap_add: [NET_ADMIN]\nread_only: false',
    );
    expect(with_.volumes).toEqual(['/data']);
    expect(missing.map(({ what, flag }) => `${what} | ${flag}`)).toEqual([
      'a value for its variable UNSET, which is empty here | UNSET=... in .env',
      '/data from the volume "data", which is empty here | --volume NAME:/data',
      'the secret "key" in /run/secrets/key | --volume FILE:/run/secrets/key',
      '`cap_add` | null',
      '`privileged` | null',
    ]);
  });

  test.each([
    ['image: [app]', 'services.api.image in', 'cannot be ["app"]: it takes the name of an image'],
    ['{}', 'services.api in', 'it takes an `image` or a `build`'],
    ['image: app\nports: ["web"]', 'services.api.ports[0] in', 'it takes a port'],
    ['image: app\nstop_grace_period: soon', 'services.api.stop_grace_period in', 'it takes a duration'],
    ['image: app\nmem_limit: lots', 'services.api.mem_limit in', 'it takes a size'],
    ['image: app\ninit: maybe', 'services.api.init in', 'it takes true or false'],
    ['image: app\nenvironment: text', 'services.api.environment in', 'it takes a map, or a list of KEY=VALUE'],
    ['image: app\ncommand: node "x', 'services.api.command in', 'whose quotes are closed'],
    ['image: app\nextends: base', 'services.api in', 'extends another service'],
    ['build: https://github.com/x/y.git', 'services.api.build in', 'a context elsewhere'],
    ['image: "app:${TAG:?x}${U:?is needed}"', 'services.api.image in', 'the variable U has to be set (is needed)'],
    ['image: app\nenv_file: none.env', 'env_file none.env', 'cannot be read'],
    ['image: app\ndepends_on: [bd]', 'services.api in', 'depends on "bd", which is not in the file'],
  ])('of which the file says %j is refused, and the place is named', async (lines, place, why) => {
    await expect(api(lines)).rejects.toThrow(place);
    await expect(api(lines)).rejects.toThrow(why);
  });
});

const SHOP = `services:
  api:
    image: api
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
      mail: { condition: service_started, required: false }
    links: [cache:redis]
  migrate: { image: migrate, depends_on: [db] }
  db:
    image: db
    container_name: shop-db
    networks: { back: { aliases: [database] } }
    volumes: [data:/data]
  cache: { image: cache }
  proxy: { image: proxy, depends_on: [log] }
  log: { image: log }
`;

describe('what a service depends on', () => {
  test('is started before it, each after what it needs itself, and waited for as the strictest asks', async () => {
    const { companions } = await readComposeTarget(await composeFile(SHOP), 'api', []);
    expect(companions.map(({ name, role, waitFor }) => [name, role, waitFor])).toEqual([
      ['db', 'dependency', 'healthy'],
      ['migrate', 'dependency', 'completed'],
      ['cache', 'dependency', 'started'],
    ]);
  });

  test('is found under its name, its container’s, and what a network or a link calls it', async () => {
    const { companions, aliases } = await readComposeTarget(await composeFile(SHOP), 'api', []);
    expect(aliases).toEqual(['api']);
    expect(companions.map((one) => one.aliases)).toEqual([
      ['db', 'shop-db', 'database'],
      ['migrate'],
      ['cache', 'redis'],
    ]);
  });

  test('tells what it misses too, with its name', async () => {
    const { missing } = await readComposeTarget(await composeFile(SHOP), 'api', []);
    expect(missing).toEqual([{ what: '/data from the volume "data", which is empty here, of db', flag: null }]);
  });

  test('comes before sidecars in their order, with what these depend on', async () => {
    const { companions } = await readComposeTarget(await composeFile(SHOP), 'api', ['proxy', 'cache']);
    expect(companions.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'log dependency',
      'proxy sidecar',
      'cache sidecar',
      'db dependency',
      'migrate dependency',
    ]);
  });

  test('cannot depend on it', async () => {
    const text = 'services:\n  a: { image: a, depends_on: [b] }\n  b: { image: b, depends_on: [a] }\n';
    await expect(readComposeTarget(await composeFile(text), 'a', [])).rejects.toThrow('each other: a on b on a');
  });

  test('may be in a file that this one includes, and then compose itself has to read it', async () => {
    const text = 'include: [db.yaml]\nservices:\n  a: { image: a, depends_on: [db] }\n';
    await expect(readComposeTarget(await composeFile(text), 'a', [])).rejects.toMatchObject({
      nextStep: expect.stringContaining('config > flat.yaml') as string,
    });
  });
});

describe('the service that is meant', () => {
  const choose = async (text: string, named?: string): Promise<string> => chooseService(await composeFile(text), named);

  test('is the only one, or the only one that is built, or the one that is named', async () => {
    expect(await choose('services: { api: { image: a } }')).toBe('api');
    expect(await choose('services: { db: { image: db }, api: { build: . } }')).toBe('api');
    expect(await choose('services: { db: { image: db, profiles: [dev] }, api: { image: a } }')).toBe('api');
    expect(await choose(SHOP, 'db')).toBe('db');
  });

  test('has to be named where several may be meant', async () => {
    await expect(choose(SHOP)).rejects.toMatchObject({
      message: expect.stringContaining('api, migrate, db, cache, proxy, log') as string,
      nextStep: expect.stringMatching(/--service api\n.*--all/) as string,
    });
  });

  test('is guessed at where its name is not quite right', async () => {
    await expect(choose(SHOP, 'migrat')).rejects.toThrow('Did you mean migrate?');
    const file = await composeFile(SHOP);
    await expect(readComposeTarget(file, 'api', ['prox'])).rejects.toThrow('"prox" (--sidecar). Did you mean proxy?');
    await expect(readComposeTarget(file, 'api', ['api'])).rejects.toThrow('"api" cannot be a sidecar of itself');
  });
});

describe('a file', () => {
  test.each([
    ['services: {}\nservices: {}', 'is not valid YAML: Map keys must be unique'],
    ['a: [', 'is not valid YAML'],
    ['apiVersion: apps/v1\nkind: Deployment', 'is a manifest (Deployment), not a compose file'],
    ['name: x', 'is no compose file: it has no services'],
    ['', 'is no compose file'],
  ])('that is %j is refused', async (text, why) => {
    await expect(composeFile(text)).rejects.toThrow(why);
  });

  test('that compose has put into its long forms says the same', async () => {
    const long = {
      name: 'shop',
      services: {
        api: {
          build: { context: path.join(folder, 'api'), dockerfile: 'Dockerfile', args: { V: '1' } },
          command: null,
          entrypoint: null,
          environment: { PRICE: '5$$', UNSET: null },
          ports: [{ mode: 'ingress', target: 3000, published: '8080', protocol: 'tcp' }],
          stop_grace_period: '1m0s',
          mem_limit: '536870912',
          depends_on: { db: { condition: 'service_healthy', required: true } },
          volumes: [
            { type: 'bind', source: '/srv/data', target: '/data', bind: { create_host_path: true } },
            { type: 'bind', source: '/srv/ro', target: '/ro', read_only: true, bind: {} },
          ],
          networks: { default: null },
        },
        db: { image: 'db', healthcheck: { test: ['CMD', 'true'], interval: '5s' }, networks: { default: null } },
      },
    };
    const root = { value: long, path: '', file: 'compose.yaml' };
    const file: ComposeFile = { root, written: root, folder, variable: () => undefined };
    const target = await readComposeTarget(file, 'api', []);
    expect(target.options).toEqual({
      target: path.join(folder, 'api/Dockerfile'),
      context: path.join(folder, 'api'),
      buildArgs: { V: '1' },
      env: { PRICE: '5$' },
      port: 3000,
      graceMs: 60_000,
      memoryBytes: 512 * 1024 ** 2,
      volumes: ['/srv/data:/data', '/srv/ro:/ro:ro'],
    });
    expect(target.companions).toMatchObject([{ name: 'db', waitFor: 'healthy', options: { target: 'db' } }]);
  });
});

describe('a plan of a compose file', () => {
  const planOf = async (text: string, given: RunOptions = {}): Promise<Plan> => {
    const { root } = await composeFile(text);
    return await resolvePlan({ target: root.file, ...given });
  };
  const API = `services:
  api:
    image: api
    command: node server.js
    environment: { A: 1, B: 1 }
    ports: [3000]
    volumes: [./data:/data, logs:/logs]
    stop_grace_period: 20s
    depends_on: [db]
  db: { image: db, environment: { PASSWORD: s3cret } }
`;

  test('has what is given over what the file says', async () => {
    const given = {
      env: { B: '2' },
      volumes: ['mine:/logs'],
      graceMs: 5000,
      command: ['node', 'other.js'],
      service: 'api',
    };
    const plan = await planOf(API, given);
    expect(plan).toMatchObject({
      service: 'api',
      profile: 'docker',
      graceMs: 5000,
      container: {
        env: { A: '1', B: '2' },
        command: ['node', 'other.js'],
        volumes: [`${folder}/data:/data`, 'mine:/logs'],
        port: 3000,
        aliases: ['api'],
      },
      companions: [{ name: 'db', container: { env: { PASSWORD: 's3cret' }, aliases: ['db'], command: null } }],
      missing: [],
    });
  });

  test('leaves what it depends on to the network that is given', async () => {
    const plan = await planOf(API, { service: 'api', network: 'shop_default' });
    expect(plan.companions).toEqual([]);
    expect(plan.container).toMatchObject({ network: 'shop_default', aliases: [] });
  });

  test('asks a worker for no port', async () => {
    expect((await planOf(API, { service: 'api', load: 'none' })).container.port).toBeNull();
    const two = API.replace('[3000]', '[3000, 9229]');
    expect((await planOf(two, { service: 'api', load: 'none' })).container.port).toBeNull();
    expect((await planOf(two, { service: 'api', port: 9229 })).container.port).toBe(9229);
    await expect(planOf(two, { service: 'api' })).rejects.toThrow('has the ports 3000, 9229, so it is unclear');
  });

  test('can be saved without what is nobody’s business', async () => {
    const saved = savedPlan(await planOf(API, { service: 'api' }), folder);
    expect(saved).toMatchObject({ file: 'compose.yaml', container: { volumes: ['data:/data', '/logs'] } });
    expect(JSON.stringify(saved)).not.toContain('s3cret');
    expect(JSON.stringify(saved)).not.toContain(folder);
  });

  test('is offered where a folder has no Dockerfile, and made where a service is named', async () => {
    await composeFile(API);
    await rm(path.join(folder, 'Dockerfile'), { force: true });
    await expect(resolvePlan({ target: folder })).rejects.toMatchObject({
      nextStep: `Name the compose file: shutdown-check run ${path.join(folder, 'compose.yaml')}`,
    });
    expect(await resolvePlan({ target: folder, service: 'db' })).toMatchObject({ service: 'db', companions: [] });
    await expect(resolvePlan({ target: 'nginx:1.29', service: 'db' })).rejects.toThrow(
      'There is no compose file at nginx',
    );
  });
});

test('several documents are no compose file, and likely a manifest', async () => {
  await expect(composeFile('kind: Service\n---\nkind: Deployment\n')).rejects.toMatchObject({
    message: expect.stringContaining('has several documents') as string,
    nextStep: expect.stringContaining('shutdown-check run --manifest ') as string,
  });
});

test('a database is left out of --all also where only its Dockerfile names the port', async () => {
  const file = await composeFile('services:\n  db:\n    build: .\n', {
    Dockerfile: 'FROM scratch\nEXPOSE 80 5432/tcp\n',
  });
  const target = path.join(file.folder, 'compose.yaml');
  expect(await planEachService({ target, all: true })).toEqual([
    { kind: 'leftOut', name: 'db', because: "listens on 5432, which is PostgreSQL's and no HTTP" },
  ]);
});

test('what a file fills into a command is not saved with the plan, and is what is run', async () => {
  const text = 'services: { api: { image: app, command: "serve --password ${PASSWORD} --region ${REGION:-eu}" } }';
  await composeFile(text, { '.env': 'PASSWORD=s3cr3t-x\n' });
  const plan = await resolvePlan({ target: path.join(folder, 'compose.yaml'), load: 'none' });
  expect(plan.container.command).toEqual(['serve', '--password', 's3cr3t-x', '--region', 'eu']);
  const saved = savedPlan(plan, folder);
  expect(saved.container.command).toEqual(['serve', '--password', '$(PASSWORD)', '--region', 'eu']);
  expect(JSON.stringify(saved)).not.toContain('s3cr3t');
});
