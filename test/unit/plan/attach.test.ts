import { describe, expect, test } from 'vitest';

import type { RunOptions } from '../../../src/plan/options.ts';
import { resolvePlan } from '../../../src/plan/resolve.ts';
import { savedPlan } from '../../../src/plan/saved-plan.ts';
import { targetNoun } from '../../../src/plan/terms.ts';

const attach = 'shop-web-1';

describe('a container that runs already', () => {
  test('takes the place of a target, and everything about its stop can be said', async () => {
    const options: RunOptions = { attach, port: 3000, path: '/orders', graceMs: 30_000, image: false, prove: false };
    const plan = await resolvePlan({ ...options, when: 'ready' });
    expect(plan.image).toEqual({ kind: 'container', reference: attach });
    expect(plan).toMatchObject({ container: { port: 3000 }, graceMs: 30_000, readyPath: '/orders' });
    expect(savedPlan(plan, '/').image).toEqual(plan.image);
    expect(targetNoun(plan)).toBe('container');
  });

  test('can be sent another stop signal where we send it ourselves', async () => {
    const plan = await resolvePlan({ attach, profile: 'kubernetes', stopSignal: 'QUIT' });
    expect(plan.container.stopSignal).toBe('SIGQUIT');
  });

  test.each([
    [{ target: '.' }, '--attach takes the place of a target, so the target "." has'],
    [{ manifest: 'deployment.yaml' }, 'manifest (--manifest)'],
    [{ container: 'api' }, 'container (--container)'],
    [{ build: '.' }, 'build (--build)'],
    [{ image: true }, 'nothing is built, pulled or started, so image (--image) has'],
    [{ context: '.' }, 'context (--context)'],
    [{ buildArgs: { A: '1' } }, 'buildArgs (--build-arg)'],
    [{ buildTarget: 'prod' }, 'buildTarget (--build-target)'],
    [{ platform: 'linux/arm64' }, 'platform (--platform)'],
    [{ pull: 'always' }, 'pull (--pull)'],
    [{ env: { A: '1' } }, 'the container runs already, so env (--env) has'],
    [{ init: true }, 'init (--init)'],
    [{ memoryBytes: 1e8 }, 'memoryBytes (--memory)'],
    [{ cpus: 1 }, 'cpus (--cpus)'],
    [{ user: '1' }, 'user (--user)'],
    [{ workingDir: '/' }, 'workingDir (--workdir)'],
    [{ entrypoint: [] }, 'entrypoint (--entrypoint)'],
    [{ command: ['ls'] }, 'command (after --)'],
    [{ network: 'shop' }, 'network (--network)'],
    [{ volumes: ['/data'] }, 'volumes (--volume)'],
    [{ stopSignal: 'QUIT' }, "sends the container's own stop signal, so stopSignal (--stop-signal) has"],
    [{ when: 'starting', rate: 20 }, 'the start is over, so when (--when) has'],
    [{ prove: true }, 'nothing is started, so prove (--prove) has'],
  ] satisfies [Partial<RunOptions>, string][])('%j comes too late for it', async (options, named) => {
    const refused = resolvePlan({ attach, ...options });
    await expect(refused).rejects.toThrow(named);
    await expect(refused).rejects.toMatchObject({ name: 'CannotRunError', nextStep: expect.stringMatching(/\w/) });
  });

  test.each(['', 'a/b', '-x', 'a b'])('cannot be called "%s"', async (name) => {
    await expect(resolvePlan({ attach: name })).rejects.toThrow('attach (--attach) cannot be');
  });
});
