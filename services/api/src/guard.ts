/**
 * Asked before every route: who is it, and may they. A route that does not say who may use it stops the start, so
 * nothing is open by forgetting.
 */

import type { Access as KeyStore } from '@lazada-sof/db';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, type Asker, isForPeople, whyForbidden } from './access.ts';
import { Problem, sendProblem } from './problem.ts';
import { BOARD, boardAccess } from './queue-board.ts';
import { SESSION_COOKIE, type Sessions } from './session.ts';
import { sendSignInPage, wantsPage } from './sign-in-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Null where the route is open to anybody. */
    asker: Asker | null;
  }
  interface FastifyInstance {
    /** Every route with who may use it, in the order in which they were made. */
    guarded: { method: string; url: string; access: Access }[];
  }
}

/** Whose key it is; null: nobody's. */
export type FindKey = KeyStore['verifyKey'];

export function guard(app: FastifyInstance, { findKey, sessions }: Doors): void {
  app.decorate('guarded', []);
  app.decorateRequest('asker', null);

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const access = route.config?.access ?? accessOfPages(method, route.url);
      if (!access) throw new Error(`route ${method} ${route.url} does not say who may use it`);
      route.config = { ...route.config, access };
      app.guarded.push({ method, url: route.url, access });
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return;
    const refused = await refusal(request, { findKey, sessions });
    // Answered here and not thrown: the dashboard has an error handler of its own.
    if (refused === 'sign-in') return sendSignInPage(reply);
    if (refused) return sendProblem(refused, request, reply);
  });
}

type Doors = { findKey: FindKey; sessions: Sessions };

/** Undefined: let in. */
async function refusal(request: FastifyRequest, doors: Doors): Promise<Problem | 'sign-in' | undefined> {
  const access = request.routeOptions.config.access;
  const foreign = foreignOrigin(request);
  if (foreign) return foreign;
  if (access === 'open') return undefined;
  const asker = await whoAsks(request, doors);
  if (!asker) return access && isForPeople(access) && wantsPage(request) ? 'sign-in' : unknownAsker(access);
  request.asker = asker;
  const why = access ? whyForbidden(asker, access) : 'Nobody may use this.';
  return why ? new Problem(403, why) : undefined;
}

/** The pages that come from packages, whose routes say nothing themselves. */
function accessOfPages(method: string, url: string): Access | undefined {
  if (url === '/docs' || url.startsWith('/docs/')) return 'open';
  if (url === BOARD || url.startsWith(`${BOARD}/`)) return boardAccess(method, url);
  return undefined;
}

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A browser sends the cookie along with whatever another site makes it send; only the origin tells them apart. */
function foreignOrigin(request: FastifyRequest): Problem | undefined {
  if (!CHANGING.has(request.method) || request.cookies[SESSION_COOKIE] === undefined) return undefined;
  const { origin } = request.headers;
  if (origin && URL.canParse(origin) && new URL(origin).host === request.host) return undefined;
  return new Problem(
    403,
    `A change with the session cookie must come from this server's own pages: header Origin is ${origin ?? 'missing'}, expected the origin of ${request.host}.`,
  );
}

async function whoAsks(request: FastifyRequest, { findKey, sessions }: Doors): Promise<Asker | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, key] = /^Bearer +(\S{1,200})$/i.exec(authorization) ?? [];
    const found = key ? await findKey(key) : null;
    return found && { kind: 'key', name: found.name, scopes: found.scopes };
  }
  const person = await sessions.read(request.cookies[SESSION_COOKIE], new Date());
  return person && { kind: 'person', name: person.name, role: person.role };
}

function unknownAsker(access: Access | undefined): Problem {
  const detail =
    access && isForPeople(access)
      ? 'Sign in first: POST /session with { user, password }.'
      : 'Send Authorization: Bearer <api key>, with a key that was made here and is not revoked.';
  return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer' } });
}
