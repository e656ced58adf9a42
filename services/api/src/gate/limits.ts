/** How often those may ask who were let in, and anybody where a call costs us much more than it costs the caller. */
import type { FastifyInstance } from 'fastify';
import { Problem, sendProblem } from '../problem.ts';
import { limitHeaders, MinuteCounts, type Place } from './minute-counts.ts';
import { NetworkCounts } from './network-counts.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    perMinute?: number;
  }
}

/** Of one key or session, in each process. */
export const REQUESTS_PER_MINUTE = 6_000;
const NAMES = 20_000;

/** Per key or session, so that clients behind one balancer do not share a limit; costly calls per address. */
export function limitRequests(app: FastifyInstance, now: () => number = () => performance.now()): void {
  const known = new MinuteCounts({ limit: REQUESTS_PER_MINUTE, names: NAMES, now });
  const costly = new Map<string, NetworkCounts>();
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.perMinute) costly.set(url, new NetworkCounts({ limit: config.perMinute, names: NAMES, now }));
  });
  app.addHook('onRequest', async (request, reply) => {
    const { routeOptions, countedAs, client } = request;
    const ofRoute = routeOptions.config.perMinute ? costly.get(routeOptions.url ?? '') : undefined;
    const place = ofRoute?.take(client.network) ?? (countedAs === null ? null : known.take(countedAs));
    if (!place) return;
    reply.headers(limitHeaders(place));
    if (place.isFree) return;
    // A page of ours tells it itself; the dashboard would take it for a fault.
    if (ofRoute) throw tooMany(place);
    return sendProblem(tooMany(place), request, reply);
  });
}

const tooMany = ({ limit, waitSeconds }: Place): Problem =>
  new Problem(429, `There were ${limit} requests in a minute, which is all that there may be: wait ${waitSeconds} s.`, {
    headers: { 'retry-after': String(waitSeconds) },
  });
