import { describe, expect, test } from 'vitest';

import { CannotRunError } from '../../../../src/errors.ts';
import { parseManifest } from '../../../../src/plan/manifest/read-manifest.ts';

function workload(kind: string, name: string, containers: readonly string[], annotations = ''): string {
  const list = containers.map((one) => `{ name: ${one}, image: ${name}-${one} }`).join(', ');
  const pod = `{ metadata: { annotations: { ${annotations} } }, spec: { containers: [${list}] } }`;
  const spec = kind === 'CronJob' ? `{ jobTemplate: { spec: { template: ${pod} } } }` : `{ template: ${pod} }`;
  return `---\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
}

const POD = '---\nkind: Pod\nmetadata: { name: solo }\nspec: { containers: [{ name: app, image: solo-app }] }\n';
const SERVICE = '---\nkind: Service\nmetadata: { name: api }\n';
const TWO = workload('Deployment', 'api', ['app', 'log']);
const DEFAULT = `'kubectl.kubernetes.io/default-container': app`;

function chosen(text: string, container?: string): unknown {
  return parseManifest(text, 'all.yaml', container === undefined ? {} : { container }).container.options.target;
}

describe('the container that is meant', () => {
  test.each([
    [SERVICE + POD, undefined, 'solo-app'],
    [`kind: Job\nspec: { tasks: [] }\n${POD}`, undefined, 'solo-app'],
    [workload('CronJob', 'nightly', ['app']), undefined, 'nightly-app'],
    [workload('StatefulSet', 'db', ['app']), undefined, 'db-app'],
    [TWO, 'app', 'api-app'],
    [TWO, 'API/log', 'api-log'],
    [workload('Deployment', 'api', ['app', 'log'], DEFAULT), undefined, 'api-app'],
    [TWO + POD, 'log', 'api-log'],
    [TWO + POD, 'solo/app', 'solo-app'],
    [TWO + POD, 'solo', 'solo-app'],
    [TWO + POD, 'pod/solo', 'solo-app'],
    [workload('Deployment', 'api', ['app']) + workload('Job', 'api', ['app']), 'job/api/app', 'api-app'],
  ])('%#: of %j it is %s', (text, container, want) => {
    expect(chosen(text, container)).toBe(want);
  });
});

describe('where it cannot be told', () => {
  test('which one of several, all that there are are listed', () => {
    const error = errorOf(TWO + POD);
    expect(error.message).toBe('all.yaml has 3 containers, and it is unclear which one is meant.');
    expect(error.detail).toEqual([
      'api/app, of the Deployment "api": api-app',
      'log, of the Deployment "api": api-log',
      'solo/app, of the Pod "solo": solo-app',
    ]);
    expect(error.nextStep).toBe('Choose one: --container api/app');
  });

  test('a name that several have asks for more of it', () => {
    const error = errorOf(TWO + POD, 'app');
    expect(error.message).toBe('all.yaml has 2 containers called "app", and it is unclear which one is meant.');
    expect(error.nextStep).toBe('Choose one: --container api/app');
  });

  test('the name of a workload with several containers asks which of them', () => {
    expect(errorOf(TWO + POD, 'api').detail).toEqual([
      'api/app, of the Deployment "api": api-app',
      'log, of the Deployment "api": api-log',
    ]);
  });

  test('a name that none has is guessed', () => {
    const error = errorOf(TWO, 'ap');
    expect(error.message).toBe('all.yaml has no container "ap".');
    expect(error.nextStep).toBe('Choose one: --container app');
  });

  test('two of one name can only be told apart in the file', () => {
    expect(errorOf(POD + POD).nextStep).toBe('Leave one of each name in the file.');
  });

  test.each([
    ['', 'all.yaml has nothing in it that runs containers. It is empty.', 'Name a file with one of these: Pod, Depl'],
    [SERVICE, 'There is: Service.', 'Name a file with one of these'],
    ['kind: Kustomization\nresources: [deployment.yaml]\n', 'There is: Kustomization.', 'kubectl kustomize'],
    ['{{ if .Values.on }}\n', 'There is: no kind.', 'helm template'],
    ['services: { api: { image: x } }\n', 'There is: no kind.', 'If it is a compose file'],
  ])('of %j says what there is', (text, message, nextStep) => {
    const error = errorOf(text);
    expect(error.message).toContain(message);
    expect(error.nextStep).toContain(nextStep);
  });

  test('a workload without containers names the field', () => {
    expect(errorOf('kind: Job\nmetadata: { name: a }\n').message).toBe(
      'all.yaml:1: spec.template.spec.containers is missing: it takes a list of containers.',
    );
  });
});

function errorOf(text: string, container?: string): CannotRunError {
  try {
    chosen(text, container);
  } catch (error) {
    if (error instanceof CannotRunError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
