import type { ContainerPlan } from '../../src/plan/plan.ts';

/** A command's plan that asks for nothing. */
export const PLAIN: ContainerPlan = {
  env: {},
  init: false,
  memoryBytes: null,
  cpus: null,
  user: null,
  platform: null,
  entrypoint: null,
  command: null,
  network: 'host',
  volumes: [],
  stopSignal: null,
  port: null,
};
