import type { Machine } from '../../../src/doctor/machine.ts';

/** A Linux machine with its own engine that lacks nothing. */
export const COMPLETE: Machine = {
  platform: 'linux',
  node: { version: 'v24.21.0', needed: '^22.22.0 || ^24.0.0 || >=26.0.0', isNewEnough: true },
  files: { limit: 20_000, connections: 19_900 },
  engine: {
    kind: 'answers',
    info: { kind: 'docker', version: '28.2.2', apiVersion: '1.50' },
    dockerHost: 'unix:///var/run/docker.sock',
    namedBy: 'the usual socket',
    isRemote: false,
    system: 'Debian GNU/Linux 13 (trixie)',
    kernel: '6.12.43',
    architecture: 'x86_64',
    isHere: true,
    proxy: null,
    mirrors: [],
  },
  address: { kind: 'own', subnet: '172.17.0.0/16', device: 'docker0' },
  processes: { kind: 'here', ps: 'procps-ng 4.0.4', masks: true },
  kernel: { kind: 'can', tracefs: '/sys/kernel/tracing' },
  builder: {
    cli: '/usr/bin/docker',
    cliVersion: '28.2.2',
    buildx: '0.24.0',
    builder: 'buildkit',
    asked: null,
    compose: '2.36.2',
  },
  registry: { kind: 'answers', registry: 'registry.example.com', tookMs: 412 },
  clock: { kind: 'told', offsetMs: -3, withinMs: 2 },
  namespaces: { kind: 'can', way: 'root', ownNetwork: true },
  programs: {
    init: 'tini',
    engineInit: 'docker-init',
    haproxy: { file: '/usr/sbin/haproxy', version: '3.0.11' },
  },
};

const { engine } = COMPLETE;
if (engine.kind === 'none') throw new Error('it has an engine');

/** A Mac with an engine in a virtual machine. */
export const DESKTOP: Machine = {
  ...COMPLETE,
  platform: 'darwin',
  files: { limit: null, connections: null },
  engine: {
    ...engine,
    dockerHost: 'unix:///home/me/.docker/run/docker.sock',
    namedBy: 'docker context "desktop-linux"',
    system: 'Docker Desktop',
    isHere: false,
  },
  address: { kind: 'published', host: '127.0.0.1', subnet: '172.17.0.0/16' },
  processes: { kind: 'elsewhere' },
  kernel: { kind: 'cannot', because: 'this machine runs no Linux', nextStep: 'Leave `--kernel-trace` out.' },
  clock: { kind: 'told', offsetMs: 2_410, withinMs: 4 },
  namespaces: {
    kind: 'cannot',
    message: 'A command cannot be checked on macOS: it takes PID namespaces, which only Linux has.',
    detail: [],
    nextStep: 'Run it on Linux, in CI for instance, or check an image: `shutdown-check run IMAGE`.',
  },
  programs: { init: null, engineInit: 'docker-init', haproxy: null },
};

/** An ordinary user in a container, with nothing but Node. */
export const BARE: Machine = {
  ...COMPLETE,
  files: { limit: 256, connections: 156 },
  engine: {
    kind: 'none',
    message: 'No Docker or Podman engine answers.',
    detail: ['tried unix:///var/run/docker.sock: no such socket'],
    nextStep: [
      'Start one: `sudo systemctl start docker` (Linux), Docker Desktop, or `colima start`;',
      'or set DOCKER_HOST to the address of a running one, such as unix:///path/to/docker.sock.',
    ].join('\n'),
  },
  address: null,
  processes: null,
  registry: null,
  clock: null,
  kernel: { kind: 'cannot', because: 'that takes root', nextStep: 'Run it as root, with sudo for example.' },
  builder: { cli: null, cliVersion: null, buildx: null, builder: 'legacy', asked: null, compose: null },
  namespaces: {
    kind: 'cannot',
    message: 'No user namespace of its own can be had for the command.',
    detail: ['tried `unshare --user --map-current-user --keep-caps -- true`: unshare failed: Operation not permitted'],
    nextStep: 'In a container it takes `docker run --security-opt seccomp=unconfined`.',
  },
  programs: { init: null, engineInit: null, haproxy: null },
};

/** A Podman on another machine, behind a proxy, with a container running there, and slow to answer. */
export const FAR: Machine = {
  ...COMPLETE,
  files: { limit: 120, connections: 20 },
  engine: {
    ...engine,
    info: { kind: 'podman', version: '5.4.0', apiVersion: '1.41' },
    dockerHost: 'tcp://engine.example.com:2376',
    namedBy: 'DOCKER_HOST',
    isRemote: true,
    system: null,
    kernel: null,
    isHere: false,
    proxy: 'http://squid.example.com:3128',
    mirrors: ['https://mirror.example.com/'],
  },
  address: { kind: 'published', host: 'engine.example.com', subnet: null },
  processes: { kind: 'asked', container: 'shop-web-1', masks: false, isHere: false },
  builder: { ...COMPLETE.builder, builder: 'legacy', asked: '0' },
  registry: { kind: 'fails', registry: 'registry.example.com', because: 'dial tcp: lookup: no such host' },
  clock: { kind: 'unanswered', afterMs: 5_000 },
  namespaces: { kind: 'can', way: 'user', ownNetwork: false },
};
