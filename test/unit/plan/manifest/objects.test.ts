import { describe, expect, test } from 'vitest';

import { CannotRunError } from '../../../../src/errors.ts';
import { at, placeOf } from '../../../../src/plan/manifest/field.ts';
import { objectsIn } from '../../../../src/plan/manifest/objects.ts';

function valuesIn(text: string): readonly unknown[] {
  return objectsIn(text, 'all.yaml').map(({ value }) => value);
}

describe('the objects of a file', () => {
  test.each([
    ['', []],
    ['# nothing\n---\n---\n', []],
    ['kind: A\n---\nkind: B\n', [{ kind: 'A' }, { kind: 'B' }]],
    ['\uFEFFkind: A\r\nx: 1\r\n', [{ kind: 'A', x: 1 }]],
    ['{"kind": "A"}', [{ kind: 'A' }]],
    ['kind: List\nitems:\n- kind: A\n- kind: BList\n  items: [{ kind: B }]\n', [{ kind: 'A' }, { kind: 'B' }]],
    ['kind: A\nitems: [1]\n', [{ kind: 'A', items: [1] }]],
    ['kind: A\nx: &x { b: 1 }\nz:\n  <<: *x\n', [{ kind: 'A', x: { b: 1 }, z: { b: 1 } }]],
  ])('%j', (text, want) => {
    expect(valuesIn(text)).toEqual(want);
  });

  test('have the values that Kubernetes reads: those of YAML 1.1, without dates and base sixty', () => {
    const text = 'kind: A\non: yes\nmode: 0644\nday: 2026-01-01\ntime: 1:30\n';
    expect(valuesIn(text)).toEqual([{ kind: 'A', true: true, mode: 420, day: '2026-01-01', time: '1:30' }]);
  });

  test('know the lines of the file, also out of a List and behind an alias', () => {
    const text = 'kind: List\nitems:\n- kind: A\n  x: &x\n    b: 1\n  z: *x\n';
    const [object] = objectsIn(text, 'all.yaml');
    expect(placeOf(at(object!, 'x', 'b'))).toBe('all.yaml:5');
    expect(placeOf(at(object!, 'z', 'b'))).toBe('all.yaml:6');
    expect(placeOf(at(object!, 'nowhere'))).toBe('all.yaml:3');
  });
});

describe('what is no manifest', () => {
  test.each([
    ['a: 1\nb: : 2\n', /^all\.yaml:2:4 is no YAML: /],
    ['a: 1\na: 2\n', /^all\.yaml:2:1 is no YAML: Map keys must be unique$/],
    ['a:\n\t- b\n', /^all\.yaml:2:1 is no YAML: Tabs/],
    ['a: *b\n', /^all\.yaml cannot be read: .*alias/],
    ['just words', /^all\.yaml:1 is no object of Kubernetes/],
    ['- a\n', /^all\.yaml:1 is no object of Kubernetes/],
    ['{{- if .Values.on }}\nkind: A\n{{- end }}\n', /^all\.yaml:1 is a template that nobody has filled in: \{\{- if/],
    ['kind: A\nlabels:\n  {{- include "x" . | nindent 4 }}\n', /^all\.yaml:3 is a template .*: \{\{- include "x"/],
  ])('%j', (text, want) => {
    expect(() => valuesIn(text)).toThrow(want);
  });

  test('is told with its line, and how a template is filled in', () => {
    expect(errorOf('a: 1\nb: : 2\n').detail).toEqual(['b: : 2']);
    expect(errorOf('{{- if .Values.x }}\nkind: A\n').nextStep).toContain('helm template');
    expect(errorOf('a: "{{ .Values.x }}"\nb: : 2\n').nextStep).toContain('If it is a template');
  });
});

function errorOf(text: string): CannotRunError {
  try {
    valuesIn(text);
  } catch (error) {
    if (error instanceof CannotRunError) return error;
  }
  throw new Error('nothing was thrown');
}
