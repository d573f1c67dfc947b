/** What can be told of an image by its name alone. */
export interface KnownBase {
  /** Its `/bin/sh`; `none` where there surely is none; null where the name does not tell. */
  readonly shell: 'dash' | 'ash' | 'bash' | 'none' | null;
  /** The STOPSIGNAL that it sets; `none` where it surely sets none; null where the name does not tell. */
  readonly stopSignal: string | null;
  /** The program that it starts by itself; null where the name does not tell. */
  readonly program: string | null;
}

/** Official images that start a server, and the STOPSIGNAL in their Dockerfiles. */
const SERVERS: readonly (readonly [RegExp, { readonly stopSignal: string; readonly program: string }])[] = [
  [/^(nginx|nginxinc\/nginx-unprivileged)(:|$)/, { stopSignal: 'SIGQUIT', program: 'nginx' }],
  [/^httpd(:|$)/, { stopSignal: 'SIGWINCH', program: 'httpd' }],
  [/^haproxy(:|$)/, { stopSignal: 'SIGUSR1', program: 'haproxy' }],
  [/^php:.*fpm/, { stopSignal: 'SIGQUIT', program: 'php-fpm' }],
  [/^php:.*apache/, { stopSignal: 'SIGWINCH', program: 'apache2' }],
];

/** Official images of systems and languages, which leave the stop signal alone. */
const PLAIN =
  /^(scratch|debian|ubuntu|alpine|busybox|fedora|rockylinux|almalinux|amazonlinux|buildpack-deps|node|python|ruby|golang|rust|php|perl|eclipse-temurin|openjdk|amazoncorretto)(:|$)/;
/** Those of them, and of the servers, that are on Debian unless their tag says otherwise. */
const ON_DEBIAN = /^(debian|buildpack-deps|node|python|ruby|golang|rust|php|perl|nginx|httpd|haproxy)(:|$)/;
/** Debian 11 to 13, whose dash was looked at. */
const DEBIAN_TAG = /bullseye|bookworm|trixie/;
const OTHER_SYSTEM =
  /alpine|buster|stretch|jessie|sid\b|forky|noble|jammy|focal|ubi\d|windows|nanoserver|^debian:(10|9|8)\b/;
const BASH_AS_SH = /(^|\/)(fedora|rockylinux|almalinux|amazonlinux|centos|ubi\d*(-minimal)?)(:|\/|$)/;

/** @param reference null: not known. */
export function knownBase(reference: string | null): KnownBase {
  if (reference === null) return { shell: null, stopSignal: null, program: null };
  const image = reference.replace(/@sha256:.*$/, '').replace(/^(docker\.io\/)?(library\/)?/, '');
  const server = SERVERS.find(([name]) => name.test(image))?.[1];
  return {
    shell: shellOf(image),
    stopSignal: server?.stopSignal ?? (PLAIN.test(image) ? 'none' : null),
    program: server?.program ?? null,
  };
}

function shellOf(image: string): KnownBase['shell'] {
  if (/^scratch$|(^|\/)distroless\/(?!.*debug)/.test(image)) return 'none';
  if (/alpine|busybox/.test(image)) return 'ash';
  if (BASH_AS_SH.test(image)) return 'bash';
  if (DEBIAN_TAG.test(image)) return 'dash';
  return ON_DEBIAN.test(image) && !OTHER_SYSTEM.test(image) ? 'dash' : null;
}
