/**
 * Every change that a person or another system asks for, and every try to come in, is written down: who, from where, to what
 * and how it ended. It hangs on the server and not on its calls, so that none can be forgotten; the row is there when the
 * answer is, that of a try which failed soon after: whether one is written, and so whether there is such a name, would show in
 * how long the answer takes. What was said is never written, only the name of what it was said of.
 */
import { type Access, type Act, type Audit, nameMistake } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_COOKIE, type Sessions } from './session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id that the answer gives to what was made. */
    madeId: string | null;
  }
}

const LOOKING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Not known any more, may not, too often: nothing was looked at beyond who asks. */
const REFUSED = new Set([401, 403, 429]);
const SIGN_IN = 'POST /session';
const SIGN_OUT = 'POST /sign-out';
const routeOf = ({ method, routeOptions }: FastifyRequest) => `${method} ${routeOptions.url}`;

type Parts = {
  readonly audit: Audit;
  readonly access: Pick<Access, 'roleOf'>;
  readonly sessions: Pick<Sessions, 'read'>;
  readonly log: Logger;
};

export function auditChanges(app: FastifyInstance, { audit, access, sessions, log }: Parts): void {
  app.decorateRequest('madeId', null);
  app.addHook('preHandler', async (request) => {
    // Open, so that nobody is asked to sign in for signing out; whose session it is, is known only before it ends.
    if (routeOf(request) !== SIGN_OUT) return;
    const person = await sessions.read(request.cookies[SESSION_COOKIE], new Date());
    request.asker = person && { kind: 'person', ...person };
  });
  app.addHook('preSerialization', async (request, _reply, payload) => {
    request.madeId = textField(payload, 'id');
    return payload;
  });

  app.addHook('onSend', async (request, reply) => {
    const act = actOf(request, reply);
    if (act && act.by.kind !== 'nobody') await written(act, REFUSED.has(act.status) ? audit.addOnceAMinute : audit.add);
  });
  app.addHook('onResponse', async (request, reply) => {
    const act = actOf(request, reply);
    if (act?.by.kind === 'nobody')
      await written(act, async () =>
        audit.addStranger({ ...act, thing: await knownUser(act.thing ?? '', access) }, request.client.network),
      );
  });

  const written = (act: Act, write: (act: Act) => Promise<void>) =>
    write(act).catch((error: unknown) => {
      log.error('an act is not in the audit log', { error, missing: act });
    });
}

/** What is no name of anybody is not kept: people type passwords where a name belongs. */
const knownUser = async (user: string, access: Pick<Access, 'roleOf'>): Promise<string | null> =>
  nameMistake(user) === null && (await access.roleOf(user)) !== null ? user : null;

/** Undefined: it changes nothing, or nobody of ours asked. */
function actOf(request: FastifyRequest, reply: FastifyReply): Act | undefined {
  const { method, routeOptions, asker, client, id } = request;
  if (LOOKING.has(method) || !routeOptions.url) return undefined;
  const route = routeOf(request);
  const common = { address: client.address, act: route, status: reply.statusCode, requestId: id };
  if (asker) return { ...common, by: { kind: asker.kind, name: asker.name }, thing: thingOf(request) };
  const user = route === SIGN_IN ? textField(request.body, 'user') : null;
  return user === null ? undefined : { ...common, by: whoSignedIn(user, reply), thing: user };
}

/** Whoever is let in is given a session. */
const whoSignedIn = (user: string, reply: FastifyReply): Act['by'] =>
  reply.statusCode < 400 && reply.hasHeader('set-cookie')
    ? { kind: 'person', name: user }
    : { kind: 'nobody', name: null };

/** As its address names it, else as what was made is called. */
function thingOf({ params, body, madeId }: FastifyRequest): string | null {
  const named = Object.values(params as Readonly<Record<string, string>>);
  return named.length > 0 ? named.join('/') : (textField(body, 'name') ?? madeId);
}

function textField(value: unknown, field: string): string | null {
  const found = typeof value === 'object' && value !== null && (value as Readonly<Record<string, unknown>>)[field];
  return typeof found === 'string' ? found : null;
}
