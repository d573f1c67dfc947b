import type { ContainerPlan } from '../src/plan/plan.ts';

/** What is asked of a container, or of a command, where nothing is. */
export const PLAIN: ContainerPlan = {
  env: {},
  init: false,
  memoryBytes: null,
  cpus: null,
  user: null,
  workingDir: null,
  platform: null,
  entrypoint: null,
  command: null,
  filledIn: {},
  network: null,
  aliases: [],
  healthcheck: null,
  volumes: [],
  stopSignal: null,
  port: null,
};
