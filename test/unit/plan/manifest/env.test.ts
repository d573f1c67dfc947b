import { describe, expect, test } from 'vitest';

import { read, told } from './told.ts';

const CONFIG = `
---
kind: ConfigMap
metadata: { name: settings }
data: { LEVEL: debug, motd: 'hello $(X)', 'not a name': x }
---
kind: Secret
metadata: { name: db }
data: { password: czNjcjN0, user: YW5u }
stringData: { user: bob }
`;

function variables(text: string, given: Readonly<Record<string, string>> = {}): unknown {
  return read(text, '', CONFIG, { env: given }).options.env;
}

describe('variables', () => {
  test('are filled in from those before them, and from what was given', () => {
    const text = `
env:
  - { name: A, value: one }
  - { name: B, value: '$(A), $(C), $$(A)' }
  - { name: C, value: later }
  - { name: EMPTY }
  - { name: URL, value: 'u:$(PASSWORD)@db' }`;
    expect(variables(text)).toEqual({
      A: 'one',
      B: 'one, $(C), $(A)',
      C: 'later',
      EMPTY: '',
      URL: 'u:$(PASSWORD)@db',
    });
    expect(variables(text, { PASSWORD: 's', A: 'uno' })).toMatchObject({ B: 'uno, $(C), $(A)', URL: 'u:s@db' });
  });

  test('come from ConfigMaps and secrets of the same file, and env goes over envFrom', () => {
    const text = `
envFrom:
  - configMapRef: { name: settings }
  - { prefix: DB_, secretRef: { name: db } }
env:
  - { name: LEVEL, value: info }
  - { name: MOTD, valueFrom: { configMapKeyRef: { name: settings, key: motd } } }
  - { name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }`;
    expect(variables(text)).toEqual({
      LEVEL: 'info',
      motd: 'hello $(X)',
      DB_password: 's3cr3t',
      DB_user: 'bob',
      MOTD: 'hello $(X)',
      PASSWORD: 's3cr3t',
    });
  });

  test('that are kept elsewhere are missing, with the flag that gives them, unless they may be left out', () => {
    const text = `
envFrom:
  - secretRef: { name: more }
  - configMapRef: { name: extra, optional: true }
env:
  - { name: A, valueFrom: { secretKeyRef: { name: other, key: a } } }
  - { name: B, valueFrom: { configMapKeyRef: { name: settings, key: nope } } }
  - { name: C, valueFrom: { secretKeyRef: { name: other, key: c, optional: true } } }
  - { name: D, valueFrom: { configMapKeyRef: { name: settings, key: nope, optional: true } } }`;
    const got = read(text, '', CONFIG);
    expect(got.options.env).toBeUndefined();
    expect(told(got)).toEqual([
      'the variables of the secret "more" (--env-file FILE)',
      'A from the secret "other" (--env A=...)',
      'B from the ConfigMap "settings", which has no key "nope" (--env B=...)',
    ]);
  });

  test.each([
    ['fieldRef: { fieldPath: metadata.name }', 'api'],
    ['fieldRef: { fieldPath: metadata.namespace }', 'default'],
    [`fieldRef: { fieldPath: "metadata.labels['tier']" }`, 'front'],
    [`fieldRef: { fieldPath: "metadata.annotations['none']" }`, ''],
    ['fieldRef: { fieldPath: spec.serviceAccountName }', 'default'],
    ['resourceFieldRef: { resource: limits.memory }', '268435456'],
    ['resourceFieldRef: { resource: limits.memory, divisor: 1Mi }', '256'],
    ['resourceFieldRef: { resource: limits.cpu }', '1'],
    ['resourceFieldRef: { resource: limits.cpu, divisor: 1m }', '300'],
  ])('%s is %s', (from, want) => {
    const got = variables(
      `resources: { limits: { memory: 256Mi, cpu: 300m } }\nenv: [{ name: X, valueFrom: { ${from} } }]`,
    );
    expect(got).toEqual({ X: want });
  });

  test.each([
    ['fieldRef: { fieldPath: status.podIP }', "X from the pod's status.podIP (--env X=...)"],
    ['fieldRef: { fieldPath: metadata.uid }', "X from the pod's metadata.uid (--env X=...)"],
    ['resourceFieldRef: { resource: limits.memory }', 'X from its limits.memory (--env X=...)'],
    [
      'resourceFieldRef: { containerName: other, resource: limits.cpu }',
      `X from the container "other"'s limits.cpu (--env X=...)`,
    ],
    ['fileKeyRef: { path: a }', 'X from its fileKeyRef (--env X=...)'],
  ])('%s is missing', (from, want) => {
    expect(told(read(`env: [{ name: X, valueFrom: { ${from} } }]`))).toEqual([want]);
  });

  test('of a type that Kubernetes refuses are refused', () => {
    expect(() => read('env: [{ name: PORT, value: 3000 }]')).toThrow(
      'deployment.yaml:14: spec.template.spec.containers[0].env[0].value cannot be 3000: it takes a text. Put it in quotes.',
    );
    expect(() => read('env: [{ name: LIVE, value: yes }]')).toThrow('env[0].value cannot be true: it takes a text.');
    expect(() => read('env: { A: b }')).toThrow('env cannot be {"A":"b"}: it takes a list.');
    expect(() => read('env: [{ value: b }]')).toThrow('env[0].name is missing: it takes a text.');
  });
});
