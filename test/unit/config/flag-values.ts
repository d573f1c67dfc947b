/** Values of a flag as they stand in the file: those that it takes, and those that it does not. */
interface Values {
  readonly good: readonly string[];
  readonly bad: readonly string[];
}

const SWITCH: Values = { good: ['true', 'false'], bad: ['maybe', '1', '[true]', ''] };
const TIME: Values = { good: ['30s', '1m30s', '30', '"30"'], bad: ['2 parsecs', '-1', '[1s, 2s]', 'true', '""', ''] };
const SHORT: Values = { good: ['500ms', '0.5', '1h'], bad: ['soon', '{}'] };
const TEXT: Values = { good: ['word', '"a b"', '7'], bad: ['""', '[a, b]', '{ a: b }', ''] };
const PAIRS: Values = { good: ['{ A: b, C: 1.20 }', '[A=b]', 'A=b'], bad: ['{ A: [b] }', '{ A: { B: c } }', '[[A]]'] };
const NUMBERS = (good: string, bad: string): Values => ({
  good: [good, `[${good}]`, `[${good}, ${good}]`],
  bad: [bad, `[${good}, ${bad}]`, `"${good}"`, 'many', '{}', '[]'],
});
const NUMBER = (good: string, bad: string): Values => ({
  good: [good],
  bad: [bad, `"${good}"`, 'many', `[${good}, ${good}]`, 'true'],
});
const PATHS: Values = { good: ['/orders?page=1'], bad: ['orders', '""', '[/a, /b]'] };
const choices = (...good: readonly string[]): Values => ({
  good,
  bad: ['sometimes', '1', '""', `[${good.join(', ')}, x]`],
});

/** For every flag that may stand under `defaults`. */
export const FLAG_VALUES: Readonly<Record<string, Values>> = {
  manifest: TEXT,
  container: TEXT,
  build: TEXT,
  attach: { good: ['shop-web-1'], bad: ['""', '[a, b]'] },
  service: TEXT,
  all: SWITCH,
  sidecar: { good: ['proxy', '[proxy, log]', '[]'], bad: ['""', '[[a]]', '{ a: b }'] },
  image: SWITCH,
  context: TEXT,
  'build-arg': PAIRS,
  'build-target': TEXT,
  platform: { good: ['linux/arm64'], bad: ['""'] },
  pull: choices('always', 'missing', 'never'),
  'env-file': { good: [], bad: ['""', '{ a: b }'] },
  env: PAIRS,
  init: SWITCH,
  'stop-signal': { good: ['SIGQUIT', '3'], bad: ['""'] },
  port: NUMBER('3000', '0'),
  'ready-path': PATHS,
  'ready-port': NUMBER('8081', '65536'),
  'ready-timeout': TIME,
  load: choices('requests', 'none'),
  'job-start': { good: ["'job (\\d+) begins'"], bad: ['""'] },
  'job-end': { good: ["'job (\\d+) done'"], bad: ['""'] },
  rate: { good: ['auto', '0.5', '50'], bad: ['fast', '0', '"50"', '[auto, 50]'] },
  path: PATHS,
  method: { good: ['POST'], bad: ['""'] },
  header: { good: ['{ Accept: text/html }', "['Accept: text/html']", "'Accept: text/html'"], bad: ['{ A: [b] }'] },
  body: { good: ['"{}"', '""', '7'], bad: ['{}', '[a, b]'] },
  requests: { good: [], bad: ['""', '{}'] },
  'expect-status': NUMBERS('204', '99'),
  'request-timeout': SHORT,
  warmup: TIME,
  connections: choices('fresh', 'pooled', 'both'),
  'request-id-header': { good: ['X-Request-Id'], bad: ['""'] },
  'min-in-flight': NUMBER('3', '-1'),
  https: SWITCH,
  insecure: SWITCH,
  ca: TEXT,
  http2: SWITCH,
  grpc: { good: ['health', 'shop.Orders/List'], bad: ['""'] },
  hold: { good: ['sse:/events', '[sse:/events, ws:/socket]'], bad: ['""', '{ sse: /events }'] },
  park: NUMBER('3', '1001'),
  profile: choices('docker', 'kubernetes'),
  'pre-stop': { good: ['sleep:5s', 'http:/drain', "exec:'sleep 5'"], bad: ['""', '[a, b]'] },
  'routing-lag': SHORT,
  'pooled-after-lag': choices('go', 'stop'),
  when: { good: ['ready', 'starting', '2s', '2'], bad: ['later', '[ready, 2s]'] },
  grace: TIME,
  'accept-exit-code': NUMBERS('143', '256'),
  'strict-unread': SWITCH,
  'max-drain': SHORT,
  'max-stop': SHORT,
  'max-latency': SHORT,
  'max-rejected': NUMBER('5', '1.5'),
  timeout: TIME,
  'kernel-trace': choices('auto', 'on', 'off'),
  'log-match': { good: ["'shutting down'", '[a, b]'], bad: ['""', '{ a: b }'] },
  prove: SWITCH,
  'max-grace': TIME,
  repeat: NUMBER('10', '0'),
  memory: { good: ['256m', '1g', '268435456'], bad: ['much', '1x', '[1g, 2g]'] },
  cpus: NUMBER('0.5', '0'),
  user: { good: ['1000:1000', '1000', 'app'], bad: ['""'] },
  workdir: { good: ['/app'], bad: ['""'] },
  entrypoint: { good: ['sh', '""'], bad: ['[a, b]', '{}'] },
  network: TEXT,
  volume: { good: ['./data:/data', '[/cache, a:/b:ro]'], bad: ['""', '{ a: /b }'] },
  baseline: TEXT,
  'update-baseline': SWITCH,
  'fail-on': choices('fail', 'regression'),
  reporter: { good: ['table', '[json=a.json, junit=b.xml]'], bad: ['pdf', '""'] },
  json: TEXT,
  quiet: SWITCH,
  verbose: SWITCH,
  'no-color': SWITCH,
  output: TEXT,
};
