import { errorTail } from './refusal.ts';
import { type DoctorLine, fine, untold } from '../line.ts';
import type { Machine } from '../machine.ts';
import { silence } from './phrases.ts';

export function builderLine({ builder }: Machine): DoctorLine {
  const { cli, cliVersion, buildx, asked } = builder;
  const version = cliVersion === null ? '' : ` ${cliVersion}`;
  if (builder.builder === 'buildkit') {
    const by = buildx === null ? '' : `, buildx ${buildx}`;
    return fine('builder', `BuildKit, by the docker CLI${version}${by}.`);
  }
  const because =
    cli === null
      ? "the engine's API: there is no docker CLI on PATH"
      : asked === '0' || asked === 'false'
        ? `the docker CLI${version}: DOCKER_BUILDKIT is ${asked}`
        : `the docker CLI${version}, which has no buildx`;
  return {
    name: 'builder',
    state: 'limited',
    found: `The engine's older builder, by ${because}.`,
    costs: 'Dockerfiles with `RUN --mount`, a heredoc or a `# syntax` line do not build.',
    remedy:
      cli !== null && asked !== null && buildx !== null
        ? 'Unset DOCKER_BUILDKIT.'
        : [
            `Install ${cli === null ? 'the docker CLI and ' : ''}its plugin buildx, with Docker's packages:`,
            `\`apt-get install ${cli === null ? 'docker-ce-cli ' : ''}docker-buildx-plugin\``,
            'Or build elsewhere, and name the image.',
          ].join('\n'),
  };
}

export function composeLine({ builder: { compose } }: Machine): DoctorLine {
  if (compose !== null) return fine('compose', `The compose plugin ${compose} reads compose files.`);
  return {
    name: 'compose',
    state: 'limited',
    found: 'There is no compose plugin: this program reads compose files by itself.',
    costs: 'Services that `extends` or `include` bring in cannot be checked.',
    remedy: [
      "Install it, with Docker's packages: `apt-get install docker-compose-plugin`",
      'Or write the file out where it is: `docker compose -f FILE config > flat.yaml`',
    ].join('\n'),
  };
}

export function commandsLine({ namespaces }: Machine): DoctorLine {
  if (namespaces.kind === 'unanswered') return untold('commands', silence(namespaces), WITHOUT_EXEC);
  if (namespaces.kind === 'cannot')
    return {
      name: 'commands',
      state: 'missing',
      found: errorTail(namespaces),
      costs: WITHOUT_EXEC,
      remedy: namespaces.nextStep,
    };
  const how = namespaces.way === 'root' ? 'as root' : 'in a user namespace';
  const network = namespaces.ownNetwork
    ? 'with a network of its own'
    : "on this machine's network, where two runs cannot open the same port";
  return fine('commands', `A command runs as PID 1 of a namespace, ${how}, ${network}.`);
}

const WITHOUT_EXEC = '`exec`, and scenarios without an engine, cannot work.';

export function initLine({ programs: { init, engineInit } }: Machine): DoctorLine {
  const ofEngine = engineInit === null ? '' : ` The engine has ${engineInit} for \`run --init\`.`;
  if (init !== null) return fine('init', `\`exec --init\` takes ${init}.${ofEngine}`);
  return {
    name: 'init',
    state: 'limited',
    found: `There is no init on PATH.${ofEngine}`,
    costs: '`exec --init`, and the proof with an init of a command, cannot work.',
    remedy: '`apt-get install tini`, `apk add tini`.',
  };
}

export function balancerLine({ programs: { haproxy } }: Machine): DoctorLine {
  if (haproxy !== null)
    return fine('balancer', `HAProxy${haproxy.version === null ? '' : ` ${haproxy.version}`}, ${haproxy.file}.`);
  return {
    name: 'balancer',
    state: 'limited',
    found: 'There is no HAProxy on this machine.',
    costs: '`rollout` needs it; nothing else does.',
    remedy: '`apt-get install haproxy`, `brew install haproxy`; or from an image: `--balancer haproxy:3.2`.',
  };
}
