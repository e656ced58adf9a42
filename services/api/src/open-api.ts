/** `/openapi.json` (OpenAPI 3.1) and `/docs`, both made from the same shapes that requests are parsed with. Open. */
import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Access } from './access.ts';
import type { Answers, Refusals } from './endpoint.ts';
import { KEY_HEADER, keyHeader } from './idempotency/key-header.ts';
import { problemShape } from './problem.ts';
import type { Route } from './routes.ts';

const ABOUT = `Statuses, tracking numbers and invoices of Lazada orders that a seller's own fleet delivers.

Send \`Authorization: Bearer <api key>\`. Every refusal is a problem document (RFC 9457) that names the field, the value
and the way out; validation failures are 422. Lists are \`{ items, nextCursor }\`: ask again with \`cursor=<nextCursor>\`
until it is null. Ids are text, times are ISO 8601.`;

export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Lazada Seller Own Fleet', version: '1', description: ABOUT },
      tags: [
        { name: 'orders', description: 'How orders stand, and why something was not sent.' },
        { name: 'accounts', description: 'Lazada accounts and their credentials. Secrets go in and never come out.' },
        { name: 'session', description: 'Sign-in of people, for the pages of this server.' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'Made by: npm run sof -- api-key create' },
          session: { type: 'apiKey', in: 'cookie', name: 'sof_session', description: 'Set by POST /session' },
        },
      },
    },
    transform: (route) => withHeaders(route.schema, jsonSchemaTransform(route)),
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // It would turn the page's own files into https where the server is reached by plain HTTP.
    transformStaticCSP: (header) => header.replace(/;?\s*upgrade-insecure-requests/, ''),
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: true, persistAuthorization: false },
    theme: { title: 'Lazada Seller Own Fleet: API' },
  });
  app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, async () => app.swagger());
}

/** What the API page tells of a route, and what the server parses it with. */
export function schemaOf({ url, access, endpoint }: Route): FastifySchema {
  const { summary, params, query, body, answers, refusals = {}, idempotent } = endpoint;
  return {
    summary,
    description: describeAccess(access),
    tags: [url.split('/').find((part) => part && part !== 'v1') ?? ''],
    security:
      access === 'open' ? [] : access.startsWith('person') ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }],
    // A path whose shape is left out has no parameters; a query or body that is not expected is refused by name.
    ...(params && { params }),
    querystring: query ?? z.strictObject({}),
    ...(body && { body }),
    ...(idempotent && { headers: z.object({ [KEY_HEADER]: keyHeader }) }),
    response: { ...described(answers), ...refused(refusals), default: problem },
  };
}

/** `201: Created`, and the shape's own words where it has some. */
const described = (answers: Answers) =>
  Object.fromEntries(
    Object.entries(answers).map(([status, schema]) => {
      const description = schema.description ?? STATUS_CODES[status] ?? '';
      return [status, status === '204' ? schema : { description, content: { 'application/json': { schema } } }];
    }),
  );

const refused = (refusals: Refusals) =>
  Object.fromEntries(
    Object.entries(refusals).map(([status, description]) => [
      status,
      { ...problem, description, ...(status === '503' && { headers: { 'Retry-After': RETRY_AFTER } }) },
    ]),
  );
const RETRY_AFTER = { type: 'integer', description: 'Seconds after which the same request may come again.' };

const problem = {
  description: 'A refusal or a fault.',
  content: { 'application/problem+json': { schema: problemShape } },
};

function describeAccess(access: Access): string {
  if (access === 'open') return 'Open to anybody.';
  if (access === 'person') return 'For a person who signed in.';
  return `Needs the scope \`${access}\`.`;
}

type Transformed = ReturnType<typeof jsonSchemaTransform>;

/** Headers of answers, which the shapes' own transformation leaves out. */
function withHeaders(given: FastifySchema, { schema, url }: Transformed): Transformed {
  const { response, ...rest } = schema as { response?: ByStatus };
  const headers = (status: string) => (given?.response as ByStatus | undefined)?.[status]?.headers;
  const answers = Object.entries(response ?? {}).map(([status, answer]) => {
    const found = headers(status);
    return [status, found ? { ...answer, headers: found } : answer];
  });
  return { schema: { ...rest, ...(response && { response: Object.fromEntries(answers) }) }, url };
}
type ByStatus = Readonly<Record<string, { headers?: object }>>;

/** Each shape is written once as it goes out and once as it would come in; only some of them do. */
function withoutUnused<Document extends object>(document: Document): Document {
  const { components } = document as { components?: { schemas?: object } };
  const text = JSON.stringify(document);
  const used = Object.entries(components?.schemas ?? {}).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } };
}
