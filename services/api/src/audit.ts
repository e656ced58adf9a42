/**
 * Every change that a person or another system asks for, and every try to come in, is written down: who, from where, to what
 * and how it ended. It hangs on the server and not on its calls, so that none can be forgotten; the row is there when the
 * answer is. What was said is never written, only the name of what it was said of.
 */
import type { Act, Audit } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id that the answer gives to what was made. */
    madeId: string | null;
  }
}

const LOOKING = new Set(['GET', 'HEAD', 'OPTIONS']);
const SIGN_IN = 'POST /session';

export function auditChanges(app: FastifyInstance, { audit, log }: { audit: Audit; log: Logger }): void {
  app.decorateRequest('madeId', null);
  app.addHook('preSerialization', async (request, _reply, payload) => {
    request.madeId = textField(payload, 'id');
    return payload;
  });
  app.addHook('onSend', async (request, reply) => {
    const act = actOf(request, reply);
    if (!act) return;
    // Strangers may try without end, and all that is told of them is that they did.
    const written = act.by.kind === 'nobody' ? audit.addOnceAMinute(act) : audit.add(act);
    await written.catch((error: unknown) => {
      log.error('an act is not in the audit log', { error, missing: act });
    });
  });
}

/** Undefined: it changes nothing, or nobody of ours asked. */
function actOf(request: FastifyRequest, reply: FastifyReply): Act | undefined {
  const { method, routeOptions, asker, ip, id } = request;
  if (LOOKING.has(method) || !routeOptions.url) return undefined;
  const route = `${method} ${routeOptions.url}`;
  const common = { address: ip, act: route, status: reply.statusCode, requestId: id };
  if (route === SIGN_IN) return { ...common, ...signedIn(request, reply) };
  return asker ? { ...common, by: { kind: asker.kind, name: asker.name }, thing: thingOf(request) } : undefined;
}

/** Whoever is let in is given a session. */
function signedIn({ body }: FastifyRequest, reply: FastifyReply): Pick<Act, 'by' | 'thing'> {
  const user = textField(body, 'user');
  const isIn = reply.statusCode < 400 && reply.hasHeader('set-cookie');
  return { by: isIn ? { kind: 'person', name: user } : { kind: 'nobody', name: null }, thing: user };
}

/** As its address names it, else as what was made is called. */
function thingOf({ params, body, madeId }: FastifyRequest): string | null {
  const named = Object.values(params as Readonly<Record<string, string>>);
  return named.length > 0 ? named.join('/') : (textField(body, 'name') ?? madeId);
}

function textField(value: unknown, field: string): string | null {
  const found = typeof value === 'object' && value !== null && (value as Readonly<Record<string, unknown>>)[field];
  return typeof found === 'string' ? found : null;
}
