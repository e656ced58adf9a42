/** What `/openapi.json` says, without a database or a queue behind it. */
import type { ApiDocument } from '@lazada-sof/testkit/http';
import fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { describeApi, schemaOf } from './open-api.ts';
import { ROUTES } from './routes.ts';

export async function apiDocument(): Promise<ApiDocument> {
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await describeApi(app);
  for (const route of ROUTES) {
    app.route({ method: route.method, url: route.url, schema: schemaOf(route), handler: async () => undefined });
  }
  await app.ready();
  const { body } = await app.inject('/openapi.json');
  await app.close();
  return JSON.parse(body);
}
