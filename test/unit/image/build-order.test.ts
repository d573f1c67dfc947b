import { describe, expect, test } from 'vitest';
import { imageTag } from '../../../src/image/build-order.ts';

const SOURCE = {
  kind: 'build',
  reference: './My App',
  dockerfile: '/src/My App_2/Dockerfile',
  context: '/src/My App_2',
  buildArgs: { A: '1', B: '2' },
  buildTarget: null,
  platform: null,
  pull: 'missing',
} as const;

describe('imageTag', () => {
  test("is made of the folder's name in what a repository may be called", () => {
    expect(imageTag(SOURCE)).toMatch(/^shutdown-check\/my-app-2-[0-9a-f]{8}:latest$/);
    expect(imageTag({ ...SOURCE, dockerfile: '/Dockerfile' })).toMatch(/^shutdown-check\/image-[0-9a-f]{8}:latest$/);
  });

  test('is the same for the same build, in whatever order its arguments are given', () => {
    expect(imageTag({ ...SOURCE, buildArgs: { B: '2', A: '1' } })).toBe(imageTag(SOURCE));
  });

  test('differs by arguments, target, context and platform', () => {
    const others = [
      { ...SOURCE, buildArgs: { A: '1' } },
      { ...SOURCE, buildTarget: 'x' },
      { ...SOURCE, context: '/src' },
      { ...SOURCE, platform: 'linux/arm64' },
    ];
    expect(new Set([SOURCE, ...others].map(imageTag)).size).toBe(5);
  });
});
