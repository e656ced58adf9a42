/** A request that names itself, as it is kept. */
import type { NamedRequest } from '@lazada-sof/db';
import type { FastifyRequest } from 'fastify';
import { fingerprint } from './fingerprint.ts';
import { KEY_HEADER } from './key-header.ts';

/** Undefined: it has no name. A name is its client's own: two may use the same. */
export function namedRequest(request: FastifyRequest): NamedRequest | undefined {
  const { headers, asker, method, routeOptions, params, query, body } = request;
  const key = headers[KEY_HEADER];
  if (typeof key !== 'string' || !asker) return undefined;
  const requestSha256 = fingerprint({ method, url: routeOptions.url ?? '', params, query, body });
  return { client: `${asker.kind} ${asker.name}`, key, requestSha256 };
}
