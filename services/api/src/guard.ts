/**
 * Asked before every route: who is it, and may they. A route that does not say who may use it stops the start, so
 * nothing is open by forgetting.
 */

import type { Access as KeyStore } from '@lazada-sof/db';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Access, type Asker, isForPeople, whyForbidden } from './access.ts';
import { type Client, clientOf, type IsProxy } from './gate/client.ts';
import { type Credential, credentialOf } from './gate/credential.ts';
import type { Gate } from './gate/gate.ts';
import { foreignOrigin } from './gate/origin.ts';
import { Problem, sendProblem } from './problem.ts';
import { BOARD, boardAccess } from './queue-board.ts';
import type { Sessions } from './session.ts';
import { sendSignInPage, wantsPage } from './sign-in-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Something that it brings opens it: its own handler says so, and counts those that it refuses. */
    opensItself?: true;
    /** Open to anybody, and yet whoever has a session is known: it is an act of theirs. */
    asksWho?: true;
    /** A page's form is sent there, without a session yet. */
    isForm?: true;
  }
  interface FastifyRequest {
    /** Null where the route is open to anybody. */
    asker: Asker | null;
    /** Who sent it, through our proxies. */
    readonly client: Client;
    /** By which it is counted beyond the gate; null: by nothing but its address. */
    countedAs: string | null;
  }
  interface FastifyInstance {
    /** Every route with who may use it, in the order in which they were made. */
    guarded: { method: string; url: string; access: Access }[];
  }
}

/** Whose key it is; null: nobody's. */
export type FindKey = KeyStore['verifyKey'];

export function guard(app: FastifyInstance, doors: Doors): void {
  app.decorate('guarded', []);
  app.decorateRequest('asker', null);
  app.decorateRequest('countedAs', null);
  app.decorateRequest('client', {
    getter() {
      return clientOf(this.raw, doors.isProxy);
    },
  });

  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const access = route.config?.access ?? accessOfPages(method, route.url);
      if (!access) throw new Error(`route ${method} ${route.url} does not say who may use it`);
      route.config = { ...route.config, access };
      app.guarded.push({ method, url: route.url, access });
    }
  });

  app.addHook('onRequest', async (request, reply) => {
    const refused = await refusal(request, reply, doors);
    // Answered here and not thrown: the dashboard has an error handler of its own.
    if (refused === 'sign-in') return sendSignInPage(reply, { next: request.url });
    if (refused) return sendProblem(refused, request, reply);
  });
}

export type Doors = { findKey: FindKey; sessions: Sessions; gate: Gate; isProxy: IsProxy };

/** Undefined: let in. */
async function refusal(
  request: FastifyRequest,
  reply: FastifyReply,
  doors: Doors,
): Promise<Problem | 'sign-in' | undefined> {
  const { access, opensItself, asksWho } = request.routeOptions.config;
  const foreign = foreignOrigin(request);
  if (opensItself) return foreign;
  const isOpen = request.is404 || access === 'open';
  const tooMany = await enter(request, reply, { ...doors, isLookedUp: (!isOpen || asksWho === true) && !foreign });
  if (tooMany || foreign || isOpen) return tooMany ?? foreign;
  const { asker } = request;
  if (!asker) return access && isForPeople(access) && wantsPage(request) ? 'sign-in' : unknownAsker(access);
  const why = access ? whyForbidden(asker, access) : 'Nobody may use this.';
  return why ? new Problem(403, why) : undefined;
}

/** Undefined: it is looked at, and whoever sent it is known by now, where that matters. */
async function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  { gate, isLookedUp, ...doors }: Doors & { isLookedUp: boolean },
): Promise<Problem | undefined> {
  const credential = credentialOf(request, doors.sessions);
  const find = credential && isLookedUp ? () => whoseIs(credential, doors) : null;
  try {
    const entry = await gate.enter({ network: request.client.network, credential: credential?.value ?? null, find });
    request.asker = entry.who;
    request.countedAs = entry.countedAs;
    reply.headers(entry.headers);
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** The pages that come from packages, whose routes say nothing themselves. */
function accessOfPages(method: string, url: string): Access | undefined {
  if (url === '/docs' || url.startsWith('/docs/')) return 'open';
  if (url === BOARD || url.startsWith(`${BOARD}/`)) return boardAccess(method, url);
  return undefined;
}

async function whoseIs(
  { kind, value }: Credential,
  { findKey, sessions }: Pick<Doors, 'findKey' | 'sessions'>,
): Promise<Asker | null> {
  if (kind === 'key') {
    const found = await findKey(value);
    return found && { kind, name: found.name, scopes: found.scopes };
  }
  const person = await sessions.read(value, new Date());
  return person && { kind: 'person', name: person.name, role: person.role };
}

function unknownAsker(access: Access | undefined): Problem {
  const detail =
    access && isForPeople(access)
      ? 'Sign in first: POST /session with { user, password }.'
      : 'Send Authorization: Bearer <api key>, with a key that was made here and is not revoked.';
  return new Problem(401, detail, { headers: { 'www-authenticate': 'Bearer' } });
}
