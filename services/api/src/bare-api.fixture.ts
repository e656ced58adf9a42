/** The API's calls up to their handlers: what reads and refuses a request, with nobody behind it and nobody before it. */

import { PassThrough } from 'node:stream';
import cookie from '@fastify/cookie';
import { createLogger } from '@lazada-sof/runtime';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { fingerprint } from './idempotency/fingerprint.ts';
import { KEY_HEADER } from './idempotency/key-header.ts';
import { schemaOf } from './open-api.ts';
import { problemHandler } from './problem.ts';
import { ROUTES } from './routes.ts';
import { SESSION_COOKIE, type Sessions } from './session.ts';
import { refuseUnstorable } from './storable.ts';

const log = createLogger({ service: 'api', level: 'error', format: 'json', stream: new PassThrough().resume() });

/** Every call that takes no file answers 200 with the key that names it and who asks, once it has been read. */
export async function bareApi(sessions: Sessions): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: 256 * 1_024, routerOptions: { maxParamLength: 6_000 } });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(problemHandler(log));
  await app.register(cookie);
  app.addHook('preHandler', refuseUnstorable);
  for (const route of ROUTES.filter(({ endpoint }) => !endpoint.uploads)) {
    const { response: _, ...schema } = schemaOf(route);
    const { method, url } = route;
    app.route({
      method,
      url,
      schema,
      config: { access: 'open' },
      handler: async ({ params, query, body, headers, cookies }, reply) => {
        fingerprint({ method, url, params, query, body });
        const asker = await sessions.read(cookies[SESSION_COOKIE], new Date());
        return reply.code(200).send(JSON.stringify({ key: headers[KEY_HEADER] ?? null, asker: asker?.name ?? null }));
      },
    });
  }
  await app.ready();
  return app;
}
