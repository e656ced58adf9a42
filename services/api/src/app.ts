/** The HTTP server: its protections, its routes, its pages. Built from what it is given; `main.ts` starts it. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import type { Db } from '@lazada-sof/db';
import type { Producer } from '@lazada-sof/queue';
import { keepWords } from '@lazada-sof/redact';
import type { Logger, Registry } from '@lazada-sof/runtime';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifySchema,
  type FastifySchemaCompiler,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { auditChanges } from './audit.ts';
import type { Deps } from './deps.ts';
import { type FileAnswer, isFileShape, isStreamShape, type StreamAnswer, sendFile, sendStream } from './file-answer.ts';
import { openProxies } from './gate/client.ts';
import { limitConnections, MOST_CONNECTIONS, type MostConnections } from './gate/connections.ts';
import { openGate } from './gate/gate.ts';
import { limitRequests } from './gate/limits.ts';
import { mountSignIn, readForms, refuseInPage } from './gate/sign-in-form.ts';
import { guard } from './guard.ts';
import { namedRequest } from './idempotency/named-request.ts';
import { once } from './idempotency/once.ts';
import { describeApi, schemaOf } from './open-api.ts';
import { notFound, problemHandler, sendProblem } from './problem.ts';
import { mountQueueBoard } from './queue-board.ts';
import { ROUTES, type Route } from './routes.ts';
import { COOKIE_OPTIONS, SESSION_COOKIE, type Sessions } from './session.ts';
import { refuseUnstorable } from './storable.ts';
import { refuseAddress, refuseConnection, refuseQuery } from './unreadable.ts';
import { BODY_TIMES, type BodyTimes, endLateBodies } from './upload/late-bodies.ts';
import { paced } from './upload/pace.ts';
import { readForm, type TakeFile } from './upload/read-form.ts';
import { uploadFailure } from './upload/upload-failure.ts';
import { mountLazadaPush } from './webhooks/lazada.ts';

export type ApiOptions = {
  db: Deps['db'] & Pick<Db, 'pushes' | 'audit'>;
  producer: Pick<Producer, 'add' | 'addAndWait' | 'queues'>;
  sessions: Sessions;
  log: Logger;
  metrics: Registry;
  /** Addresses and networks of the proxies in front of it. */
  proxies?: readonly string[] | undefined;
  /** In place of the usual times and numbers, for tests. */
  times?: Partial<BodyTimes>;
  mostConnections?: Partial<MostConnections>;
};

const BODY_LIMIT = 256 * 1_024;
const HEADER_LIMIT = 16 * 1_024;

export async function buildApi(options: ApiOptions): Promise<FastifyInstance> {
  const { db, producer, sessions, log, metrics, proxies = [] } = options;
  // Whoever stores one as an account's secret would hide from the log who calls it.
  keepWords(ROUTES.map(({ method, url }) => `${method} ${url}`));
  const times = { ...BODY_TIMES, ...options.times };
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    http: {
      maxHeaderSize: HEADER_LIMIT,
      headersTimeout: times.headersWithinMs,
      connectionsCheckingInterval: Math.min(1_000, times.headersWithinMs),
    },
    genReqId: () => randomUUID(),
    // A page or a slow upload that stays open must not keep a process that was told to end.
    forceCloseConnections: true,
    // Of a name of 500 letters as it stands in an address, each letter percent-encoded.
    routerOptions: { maxParamLength: 6_000 },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  });
  const isProxy = openProxies(proxies);
  limitConnections(app.server, { ...MOST_CONNECTIONS, ...options.mostConnections, isProxy });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(problemHandler(log));
  app.setNotFoundHandler((request, reply) =>
    sendProblem(notFound(`There is no ${request.method} ${request.url.split('?')[0]}; see /docs.`), request, reply),
  );
  acceptEmptyJson(app);
  logRequests(app, log);
  endLateBodies(app, times);

  await app.register(helmet, {
    contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
    // With `no-referrer` browsers would not tell our own pages' forms from another site's.
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(cookie);
  const gate = openGate();
  guard(app, { findKey: db.access.verifyKey, sessions, gate, isProxy });
  limitRequests(app);
  auditChanges(app, { audit: db.audit, access: db.access, sessions, log });

  app.addHook('preValidation', refuseQuery);
  app.addHook('preHandler', refuseUnstorable);

  await describeApi(app);
  const deps: Deps = { db, addAndWait: producer.addAndWait, add: producer.add, sessions };
  const serving: Serving = { deps, log, times };
  for (const route of ROUTES.filter(({ endpoint }) => !endpoint.uploads && !endpoint.form)) serve(app, route, serving);
  await app.register(async (scope) => {
    readForms(scope);
    for (const route of ROUTES.filter(({ endpoint }) => endpoint.form)) serve(scope, route, serving);
  });
  await app.register(async (scope) => {
    // Read by the call itself, as it comes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    for (const route of ROUTES.filter(({ endpoint }) => endpoint.uploads)) serve(scope, route, serving);
  });
  mountSignIn(app);
  await mountLazadaPush(app, { pushes: db.pushes, log, metrics, gate });
  await mountQueueBoard(app, { queues: producer.queues(), log });
  return app;
}

type Serving = { readonly deps: Deps; readonly log: Logger; readonly times: BodyTimes };

function serve(app: FastifyInstance, route: Route, { deps, log, times }: Serving): void {
  const { method, url, access, endpoint, perMinute, asksWho } = route;
  app.route({
    method,
    url,
    schema: schemaOf(route),
    config: {
      access,
      ...(perMinute && { perMinute }),
      ...(asksWho && { asksWho }),
      ...(endpoint.form && { isForm: true }),
    },
    ...(endpoint.uploads && { validatorCompiler: allButBody }),
    ...(endpoint.form && { errorHandler: refuseInPage(log) }),
    handler: async (request, reply) => {
      const { params, query, body } = request;
      const { address: ip, network } = request.client;
      const asker = request.asker ?? undefined;
      const cookie = request.cookies[SESSION_COOKIE];
      const upload = <T>(take: TakeFile<T>) => uploadOf(request, times, take);
      const input = { params, query, body, asker, cookie, ip, network, upload, now: new Date(), log };
      const run = (effectId?: string) => endpoint.handle({ ...input, effectId }, deps);
      const named = endpoint.idempotent && namedRequest(request);
      const handled = await (named ? once({ keys: deps.db.idempotencyKeys, log }, named, run) : run());
      const shape = endpoint.answers[handled.status];
      // The endpoint's own types say that the body is a file where its shape is one.
      if (shape && isStreamShape(shape))
        return sendStream(request, reply, { ...(handled.body as StreamAnswer), ...shape });
      if (shape && isFileShape(shape)) return sendFile(request, reply, { ...(handled.body as FileAnswer), ...shape });
      setSession(reply, handled.session);
      if (handled.location) reply.header('location', handled.location);
      return reply.code(handled.status).send(handled.body);
    },
  });
}

/** Whoever came so far has a key or session that works: their upload may take its time, as long as it comes. */
function uploadOf<T>(request: FastifyRequest, { pace }: BodyTimes, take: TakeFile<T>): Promise<T> {
  request.isUploading = true;
  return readForm(request.headers, paced(request.raw, pace), take).catch((error: unknown) => {
    throw uploadFailure(error);
  });
}

/** A form is read by its own rules, as it comes. */
const allButBody: FastifySchemaCompiler<FastifySchema> = (route) =>
  route.httpPart === 'body'
    ? (body: unknown) => ({ value: body })
    : validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);

function setSession(reply: FastifyReply, session: string | null | undefined): void {
  reply.header('cache-control', 'no-store');
  if (session) reply.setCookie(SESSION_COOKIE, session, COOKIE_OPTIONS);
  if (session === null) reply.clearCookie(SESSION_COOKIE, COOKIE_OPTIONS);
}

/** Many clients name JSON also where they send no body. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    return parse(request, body, done);
  });
}

/** One line per request. A change is `info`, with who made it (the audit log is `audit.ts`). Looking is `debug`. */
function logRequests(app: FastifyInstance, log: Logger): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, asker } = request;
    const level = method === 'GET' || method === 'HEAD' ? 'debug' : 'info';
    log.log(level, `${method} ${request.url.split('?')[0]}`, {
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      requestId: request.id,
      route: routeOptions.url,
      ...(asker && { by: `${asker.kind} ${asker.name}` }),
    });
  });
}
