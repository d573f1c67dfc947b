import { CHECKS, VOLUME_CHECK } from '../plan/checks.ts';
import { parseVariable } from '../plan/env-file.ts';
import type { RunOptions } from '../plan/options.ts';
import { RANGES } from '../plan/ranges.ts';
import { COMMON_FLAGS } from './common-flags.ts';
import type { Flag } from './flag.ts';
import { bytesOf, checkedOf, choiceOf, numberOf, textOf } from './values.ts';

const BUILD_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'manifest',
    value: 'FILE',
    group: 'Target and build',
    help: 'In the place of a target: a Kubernetes manifest (Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Pod). It says what is run, its variables, ports, probes, limits, preStop and grace period; every flag goes over what it says. What only a cluster has is named.',
    read: (_, text) => ({ manifest: textOf('--manifest', text, 'a file', 'deployment.yaml') }),
  },
  {
    name: 'container',
    value: 'NAME',
    group: 'Target and build',
    help: "The manifest's container that is meant; WORKLOAD/NAME where several have that name.",
    fallback: 'the only one',
    read: (_, text) => ({ container: textOf('--container', text, 'a container', 'api') }),
  },
  {
    name: 'build',
    value: 'PATH',
    group: 'Target and build',
    help: "A Dockerfile, or a folder with one, to build in place of the manifest's image.",
    read: (_, text) => ({ build: textOf('--build', text, 'a Dockerfile, or a folder with one', '.') }),
  },
  {
    name: 'attach',
    value: 'CONTAINER',
    group: 'Target and build',
    help: 'In the place of a target: a container that runs already, by name or id. It is stopped, and left as docker stop leaves it.',
    read: (_, text) => ({ attach: checkedOf('--attach', text, CHECKS.attach, 'shop-web-1') }),
  },
  {
    name: 'service',
    value: 'NAME',
    group: 'Target and build',
    help: 'The service of a compose file to check. What it depends on is started first.',
    fallback: 'the only one, or the only one that the file builds',
    read: (_, text) => ({ service: textOf('--service', text, 'the name of a service', 'api') }),
  },
  {
    name: 'all',
    value: null,
    group: 'Target and build',
    help: 'Check every service of a compose file that takes requests, one after the other.',
    read: () => ({ all: true }),
  },
  {
    name: 'sidecar',
    value: 'NAME',
    repeatable: true,
    group: 'Target and build',
    help: 'A service of the compose file, or a native sidecar of the manifest, that runs beside the target as in a pod: stopped after it, the last one first, within the same grace period.',
    read: (options, text) => ({
      sidecars: [...(options.sidecars ?? []), textOf('--sidecar', text, 'the name of a container', 'proxy')],
    }),
  },
  {
    name: 'image',
    value: null,
    group: 'Target and build',
    help: 'Take the target as an image reference, even where a path of that name exists.',
    read: () => ({ image: true }),
  },
  {
    name: 'context',
    value: 'DIR',
    group: 'Target and build',
    help: 'Build context.',
    fallback: "the Dockerfile's folder",
    read: (_, text) => ({ context: textOf('--context', text, 'a folder', '.') }),
  },
  {
    name: 'build-arg',
    value: 'KEY=VALUE',
    repeatable: true,
    group: 'Target and build',
    help: 'Build argument; a bare KEY takes its value from the environment.',
    read: (options, text) => ({
      buildArgs: { ...options.buildArgs, ...parseVariable(text, '--build-arg', process.env) },
    }),
  },
  {
    name: 'build-target',
    value: 'STAGE',
    group: 'Target and build',
    help: 'Stage of a multi-stage Dockerfile to build.',
    fallback: 'the last one',
    read: (_, text) => ({ buildTarget: textOf('--build-target', text, 'a stage', 'production') }),
  },
  {
    name: 'platform',
    value: 'OS/ARCH',
    group: 'Target and build',
    help: 'Platform to build, pull and run for, such as linux/arm64.',
    fallback: "the engine's own",
    read: (_, text) => ({ platform: checkedOf('--platform', text, CHECKS.platform, 'linux/amd64') }),
  },
  {
    name: 'pull',
    value: 'WHEN',
    group: 'Target and build',
    help: 'When to pull: always, missing or never. For a Dockerfile, always pulls its base images anew.',
    fallback: 'missing',
    read: (_, text) => ({ pull: choiceOf('--pull', text, ['always', 'missing', 'never']) }),
  },
];

const CONTAINER_FLAGS: readonly Flag<RunOptions>[] = [
  {
    name: 'memory',
    value: 'SIZE',
    group: 'Container',
    help: 'Memory limit, such as 256m or 1g.',
    fallback: 'none',
    read: (_, text) => ({ memoryBytes: bytesOf('--memory', text, RANGES.memoryBytes, '256m') }),
  },
  {
    name: 'cpus',
    value: 'N',
    group: 'Container',
    help: 'CPU limit, such as 0.5.',
    fallback: 'none',
    read: (_, text) => ({ cpus: numberOf('--cpus', text, RANGES.cpus, '0.5') }),
  },
  {
    name: 'user',
    value: 'USER',
    group: 'Container',
    help: 'User, or user:group, by name or number.',
    fallback: "the image's",
    read: (_, text) => ({ user: textOf('--user', text, 'a user or user:group', '1000:1000') }),
  },
  {
    name: 'workdir',
    value: 'DIR',
    group: 'Container',
    help: 'Working directory in the container.',
    fallback: "the image's",
    read: (_, text) => ({ workingDir: checkedOf('--workdir', text, CHECKS.workingDir, '/app') }),
  },
  {
    name: 'entrypoint',
    value: 'PROGRAM',
    group: 'Container',
    help: 'Replaces the entrypoint of the image; "" clears it. Arguments go after --.',
    fallback: "the image's",
    read: (_, text) => ({ entrypoint: text === '' ? [] : [text] }),
  },
  {
    name: 'network',
    value: 'NAME',
    group: 'Container',
    help: 'Network to join. What a compose file says that the service depends on is expected there, and not started.',
    fallback: "the engine's bridge",
    read: (_, text) => ({ network: textOf('--network', text, 'a network', 'my-network') }),
  },
  {
    name: 'volume',
    value: 'SOURCE:TARGET',
    repeatable: true,
    group: 'Container',
    help: 'Folder or volume to mount, as docker run --volume; a target alone is an empty volume.',
    read: (options, text) => ({
      volumes: [...(options.volumes ?? []), checkedOf('--volume', text, VOLUME_CHECK, './data:/data')],
    }),
  },
];

/** Every flag of `run` that says something about the run itself. */
export const RUN_FLAGS: readonly Flag<RunOptions>[] = [...BUILD_FLAGS, ...COMMON_FLAGS, ...CONTAINER_FLAGS];
