import type { Plan } from './plan.ts';

const HIDDEN = '(hidden)';
/** Headers that carry credentials, by what is usual. */
const SECRET_HEADER = /^(authorization|proxy-authorization|cookie)$|token|secret|api-?key|password/i;

/** The plan as it may be saved and shown: a result ends up in a CI server's artefacts, for all to read. */
export function withoutSecrets(plan: Plan): Plan {
  const requests = plan.load.requests.map((request) => ({ ...request, headers: hideSome(request.headers) }));
  return {
    ...plan,
    container: { ...plan.container, env: mapValues(plan.container.env, () => HIDDEN) },
    load: { ...plan.load, requests },
  };
}

function hideSome(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return mapValues(headers, (value, name) => (SECRET_HEADER.test(name) ? HIDDEN : value));
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string, name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
