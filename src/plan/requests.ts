import { CannotRunError } from '../errors.ts';
import { badValue } from './bad-value.ts';
import { METHOD_FORMS, headerFault, isMethod, isPath } from './http-syntax.ts';
import { nearest } from './nearest.ts';
import type { RequestOptions, CommonOptions } from './options.ts';
import type { RequestPlan } from './plan.ts';
import { GRPC_HEALTH_CHECK } from './protocol.ts';
import { RANGES, describeRawRange, fits } from './ranges.ts';

const KEYS: readonly (keyof RequestOptions)[] = ['path', 'method', 'headers', 'body', 'share', 'everyMs'];
/** The record of a request keeps its kind in a byte. */
const MAX_KINDS = 256;
const SINGLE: readonly (keyof CommonOptions)[] = ['path', 'method', 'headers', 'body'];

/**
 * The mix of requests: `requests`, or the one that `path`, `method`, `headers` and `body` make.
 * @throws CannotRunError that names the entry and the field at fault.
 */
export function resolveRequests(options: CommonOptions): readonly RequestPlan[] {
  if (options.grpc !== undefined) return [grpcRequest(options.grpc, options)];
  if (!options.requests) return [resolveRequest({ path: '/', ...pick(options, SINGLE) }, 'the request')];
  refuseBoth(options);
  if (options.requests.length > MAX_KINDS) {
    throw new CannotRunError(`requests: there are ${options.requests.length}, and a mix takes at most ${MAX_KINDS}.`);
  }
  const requests = options.requests.map((request, index) => resolveRequest(request, `requests, entry ${index + 1}`));
  if (requests.some((request) => request.share !== null)) return requests;
  throw new CannotRunError('requests: every entry has its own period, so none is left for the steady load.', {
    nextStep: 'Leave the period out of at least one entry; it then shares the rate.',
  });
}

/** gRPC is a POST to the method's name; framing and headers of its own are the load's business. */
function grpcRequest(method: string, options: CommonOptions): RequestPlan {
  const other = [...SINGLE.filter((key) => key !== 'headers'), 'requests' as const].find(
    (key) => options[key] !== undefined,
  );
  if (other !== undefined) {
    throw new CannotRunError(
      `grpc (--grpc) calls one method with an empty message, so ${other} has no place beside it.`,
    );
  }
  if (options.readyPath !== undefined) {
    throw new CannotRunError(
      'With grpc (--grpc) readiness is asked by the same call, so readyPath (--ready-path) has no place beside it.',
    );
  }
  const path = `/${method === 'health' ? GRPC_HEALTH_CHECK : method}`;
  return resolveRequest({ path, method: 'POST', headers: options.headers ?? {} }, 'the gRPC request');
}

/**
 * One request with its defaults.
 * @throws CannotRunError that begins with `where` and names the field at fault.
 */
export function resolveRequest(request: RequestOptions, where: string): RequestPlan {
  checkRequest(request, where);
  const everyMs = request.everyMs ?? null;
  return {
    path: request.path,
    method: (request.method ?? 'GET').toUpperCase(),
    headers: request.headers ?? {},
    body: request.body ?? null,
    share: request.share ?? (everyMs === null ? 1 : null),
    everyMs,
  };
}

function checkRequest(request: RequestOptions, where: string): void {
  checkKeys(request, where, KEYS);
  const { path, method = 'GET', headers = {}, body, share, everyMs } = request;
  if (!isPath(path)) throw field('path', path, 'a path that starts with /, without spaces', '"/orders?page=1"');
  if (!isMethod(method)) throw field('method', method, METHOD_FORMS, '"POST"');
  if (share !== undefined && !fits(share, RANGES.share)) throw field('share', share, 'a number above 0', '3');
  if (everyMs !== undefined && !fits(everyMs, RANGES.everyMs)) {
    throw field('everyMs', everyMs, describeRawRange(RANGES.everyMs), '4000');
  }
  if (share !== undefined && everyMs !== undefined)
    throw fault('has both a share of the rate and a period of its own; keep one.');
  checkHeaders(headers, where);
  if (body !== undefined && typeof body !== 'string') throw field('body', body, 'a text', '"{}"');
  if (body !== undefined && ['GET', 'HEAD'].includes(method.toUpperCase())) {
    throw fault(
      `has a body, and ${method.toUpperCase()} carries none.`,
      'Name a method that does: --method POST, or "method": "POST".',
    );
  }

  function field(name: string, value: unknown, takes: string, example: string): CannotRunError {
    return badValue({ name: `${where}: ${name}`, value, takes, example });
  }
  function fault(message: string, nextStep?: string): CannotRunError {
    return new CannotRunError(`${where} ${message}`, nextStep === undefined ? {} : { nextStep });
  }
}

function checkHeaders(headers: unknown, where: string): void {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
    throw badValue({
      name: `${where}: headers`,
      value: headers,
      takes: 'an object of texts by name',
      example: '{ "accept": "text/html" }',
    });
  }
  const faults = Object.entries(headers).map(([name, value]) => headerFault(name, value));
  const first = faults.find((found) => found !== null);
  if (first) throw new CannotRunError(`${where}: ${first}`);
}

/** @throws CannotRunError where `record` is no object or has a key that is not among `keys`. */
export function checkKeys(record: unknown, where: string, keys: readonly string[]): void {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    throw badValue({ name: where, value: record, takes: 'an object' });
  }
  const unknown = Object.keys(record).find((key) => !keys.includes(key));
  if (unknown === undefined) return;
  const meant = nearest(unknown, keys);
  throw new CannotRunError(`${where}: there is no "${unknown}".${meant ? ` Did you mean "${meant}"?` : ''}`, {
    nextStep: `There are: ${keys.join(', ')}`,
  });
}

function refuseBoth(options: CommonOptions): void {
  const both = SINGLE.find((key) => options[key] !== undefined);
  if (!both) return;
  throw new CannotRunError(
    `requests (--requests) takes the place of ${both} (--${both.replace(/s$/, '')}); give one of the two.`,
  );
}

function pick(options: CommonOptions, keys: readonly (keyof CommonOptions)[]): Partial<RequestOptions> {
  return Object.fromEntries(keys.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
}
