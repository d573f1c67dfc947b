import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { loadConfig } from '../../../src/config/config.ts';
import { propose } from '../../../src/init/init.ts';

const accepts = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(await readFile('schema/config.json', 'utf8')) as object,
);

let folder: string;
beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'init-')), 'shop');
  await mkdir(folder);
});
afterEach(async () => {
  await rm(path.dirname(folder), { recursive: true });
});

async function files(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** What is proposed, as the program reads it, and as it stands there when all offers are taken. */
async function proposed() {
  const { text, names, leftOut } = await propose(folder);
  const file = path.join(folder, 'shutdown-check.yaml');
  await writeFile(file, text);
  const config = await loadConfig(file);
  expect(config.targets.map(({ name }) => name)).toEqual(names);
  expect(accepts(parse(text))).toBe(true);
  const { targets } = parse(text) as { readonly targets: Readonly<Record<string, unknown>> };
  return { text, targets, leftOut };
}

const DOCKERFILE = 'FROM node:24\nEXPOSE 3000\nCMD ["node", "server.js"]\n';
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - { name: app, image: shop/api, ports: [{ containerPort: 3000 }] }
`;

describe('init proposes', () => {
  test('the Dockerfile of the folder, under the folder’s name', async () => {
    await files({ Dockerfile: DOCKERFILE });
    const { targets, text } = await proposed();
    expect(targets).toEqual({ shop: { target: './Dockerfile' } });
    expect(text).toContain('# port: 3000  # its EXPOSE says so already');
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/shutdown-check\/schema\/config\.json$/m);
  });

  test('each Dockerfile under the name of its service', async () => {
    await files({
      'api.Dockerfile': DOCKERFILE,
      'Dockerfile.mail': DOCKERFILE,
      'services/search/docker/Dockerfile': DOCKERFILE,
      'services/cart/Dockerfile': DOCKERFILE,
    });
    expect((await proposed()).targets).toEqual({
      mail: { target: './Dockerfile.mail' },
      api: { target: './api.Dockerfile' },
      cart: { target: './services/cart/Dockerfile' },
      search: { target: './services/search/docker/Dockerfile' },
    });
  });

  test('the first of several ports that are exposed, and says so', async () => {
    await files({ Dockerfile: 'FROM node:24\nEXPOSE 3000 9090/tcp 53/udp\n' });
    const { targets, text } = await proposed();
    expect(targets).toEqual({ shop: { target: './Dockerfile', port: 3000 } });
    expect(text).toContain('# it exposes 9090 too');
  });

  test('the top as the context where a Dockerfile copies from there', async () => {
    await files({
      'docker/Dockerfile': 'FROM node:24\nCOPY package.json src ./\n',
      'package.json': '{}',
      'src/server.js': '',
      'own/Dockerfile': 'FROM node:24\nCOPY server.js ./\nCOPY --from=build package.json ./\n',
      'own/server.js': '',
    });
    expect((await proposed()).targets).toMatchObject({
      shop: { target: './docker/Dockerfile', context: '.' },
      own: { target: './own/Dockerfile' },
    });
    expect((await proposed()).targets['own']).not.toHaveProperty('context');
  });

  test('the services that a compose file builds, and their Dockerfiles not once more', async () => {
    await files({
      'compose.yaml': `services:
  api: { build: ./api, ports: ['8080:3000'], stop_grace_period: 20s }
  jobs: { build: { context: ., dockerfile: jobs.Dockerfile } }
  db: { image: 'postgres:17' }
`,
      'api/Dockerfile': DOCKERFILE,
      'jobs.Dockerfile': 'FROM node:24\n',
    });
    const { targets, leftOut, text } = await proposed();
    expect(targets).toEqual({
      api: { target: './compose.yaml', service: 'api' },
      jobs: { target: './compose.yaml', service: 'jobs', load: 'none' },
    });
    expect(leftOut).toEqual(['db of compose.yaml, which is not built here']);
    expect(text).toContain('# grace: 20s  # its stop_grace_period says so already');
    expect(text).toContain('# job-start: ');
  });

  test('of a compose file that builds nothing the services that take requests', async () => {
    await files({
      'compose.yaml': `services:
  api: { image: 'shop/api', expose: [3000] }
  db: { image: 'postgres:17', ports: ['5432:5432'] }
  cron: { image: 'shop/cron' }
`,
    });
    const { targets, leftOut } = await proposed();
    expect(Object.keys(targets)).toEqual(['api']);
    expect(leftOut).toHaveLength(2);
  });

  test('the containers of manifests, beside the Dockerfile that may be built in their image’s place', async () => {
    await files({ 'k8s/api.yaml': DEPLOYMENT, 'api/Dockerfile': DOCKERFILE });
    const { targets, text } = await proposed();
    expect(targets).toEqual({
      api: { target: './api/Dockerfile' },
      'api-pod': { manifest: './k8s/api.yaml' },
    });
    expect(text).toContain("# build: ./api/Dockerfile  # in the place of the manifest's image");
    expect(text).toContain('# grace: 60s  # its terminationGracePeriodSeconds says so already');
  });

  test('of a manifest with several workloads each by its name, a Job as a worker', async () => {
    await files({
      'all.yaml': `${DEPLOYMENT}---
apiVersion: batch/v1
kind: Job
metadata: { name: import }
spec: { template: { spec: { containers: [{ name: main, image: x }, { name: log, image: y }] } } }
`,
    });
    expect((await proposed()).targets).toMatchObject({
      api: { manifest: './all.yaml', container: 'api' },
      'import-main': { manifest: './all.yaml', container: 'import/main', load: 'none' },
      'import-log': { container: 'import/log' },
    });
  });
});

describe('init leaves out', () => {
  test('what others wrote, and what nobody deploys', async () => {
    await files({
      Dockerfile: DOCKERFILE,
      'Dockerfile.dev': DOCKERFILE,
      'node_modules/x/Dockerfile': DOCKERFILE,
      '.git/Dockerfile': DOCKERFILE,
      'vendor/x/Dockerfile': DOCKERFILE,
      'dist/Dockerfile': DOCKERFILE,
      'a/b/c/d/e/Dockerfile': DOCKERFILE,
      'docs/Dockerfile': 'This is how to write one.\n',
    });
    const { targets, leftOut } = await proposed();
    expect(Object.keys(targets)).toEqual(['shop']);
    expect(leftOut).toEqual(['Dockerfile.dev, which by its name is not what is deployed']);
  });

  test('a template, and says why', async () => {
    await files({
      Dockerfile: DOCKERFILE,
      'chart/templates/api.yaml': 'kind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n  {{- if x }}\n',
    });
    const { targets, leftOut } = await proposed();
    expect(Object.keys(targets)).toEqual(['shop']);
    expect(leftOut[0]).toMatch(/^chart\/templates\/api\.yaml, which cannot be read as a manifest/);
  });

  test('a compose file that is none', async () => {
    await files({ Dockerfile: DOCKERFILE, 'compose.yaml': 'services: [' });
    expect((await proposed()).leftOut).toEqual(['compose.yaml, which is no compose file that can be read']);
  });
});

test('names that YAML would take for something else stay names', async () => {
  await files({ 'on/Dockerfile': DOCKERFILE, '12/Dockerfile': DOCKERFILE, 'my app/Dockerfile': DOCKERFILE });
  expect((await proposed()).targets).toEqual({
    12: { target: './12/Dockerfile' },
    'my-app': { target: './my app/Dockerfile' },
    on: { target: './on/Dockerfile' },
  });
});

test('two of one name are told apart', async () => {
  await files({ 'a/api/Dockerfile': DOCKERFILE, 'b/api/Dockerfile': DOCKERFILE });
  expect(Object.keys((await proposed()).targets)).toEqual(['api', 'api-2']);
});

test('where there is nothing to check it says so', async () => {
  await files({ 'README.md': 'Nothing.' });
  await expect(propose(folder)).rejects.toThrow('There is no Dockerfile, compose file or Kubernetes manifest');
  await expect(propose(path.join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
});
