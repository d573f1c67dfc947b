import type Dockerode from 'dockerode';

/**
 * A limit of processors that the engine takes. It refuses more than its machine has, which limit nothing, and which
 * manifests ask for all the same: they were written for larger ones.
 */
export async function processorsToAsk(dockerode: Dockerode, cpus: number | null): Promise<number | null> {
  if (cpus === null) return null;
  const { NCPU } = (await dockerode.info()) as { readonly NCPU: number };
  return Math.min(cpus, NCPU);
}
