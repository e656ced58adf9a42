/** `/openapi.json` (OpenAPI 3.1) and `/docs`, both made from the same shapes that requests are parsed with. Open. */
import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Access } from './access.ts';
import type { Answers } from './endpoint.ts';
import { isFileShape, isStreamShape } from './file-answer.ts';
import { KEY_HEADER, keyHeader } from './idempotency/key-header.ts';
import { withExamples } from './open-api-examples.ts';
import { withHeaders } from './open-api-headers.ts';
import { operationIdOf } from './operation-id.ts';
import { problemShape } from './problem.ts';
import type { Route } from './routes.ts';
import { SESSION_COOKIE } from './session.ts';

const ABOUT = `Statuses, tracking numbers and invoices of Lazada orders that a seller's own fleet delivers.

Send \`Authorization: Bearer <api key>\`. Every refusal is a problem document (RFC 9457) that names the field, the value
and the way out; validation failures are 422. Lists are \`{ items, nextCursor }\`: ask again with \`cursor=<nextCursor>\`
until it is null; a page may have fewer items than \`limit\`, even none, and still not be the last. Ids are text, times are
ISO 8601.

**Limits.** Requests of one key or session are counted by the minute, those that bring neither, or one that does not work, by
their address; \`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\` and \`X-RateLimit-Reset\` say how many there may be, how many
are left, and in how many seconds there is room again. One too many is 429 with \`Retry-After\` in seconds.

**Caching.** Answers are not to be kept (\`Cache-Control: no-store\`). Files are: they carry an \`ETag\`, and a request with
\`If-None-Match\` is answered 304 while nothing has changed.

**Finding a request again.** Every answer has an \`X-Request-Id\`, which our log names too.`;

export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Lazada Seller Own Fleet', version: '1', description: ABOUT },
      servers: [{ url: '/', description: 'The server that this description comes from.' }],
      tags: [
        { name: 'orders', description: 'How orders stand, and why something was not sent.' },
        {
          name: 'imports',
          description: 'Files of a day’s statuses: handed in, tried out, and what of them was refused.',
        },
        { name: 'accounts', description: 'Lazada accounts and their credentials. Secrets go in and never come out.' },
        { name: 'users', description: 'People who sign in, and what they may do.' },
        { name: 'session', description: 'Sign-in of people, for the pages of this server.' },
      ],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', description: 'Made by: npm run sof -- api-key create' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Set by POST /session' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withExamples(withHeaders(withoutUnused(jsonSchemaTransformObject(document)))),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    // It would turn the page's own files into https where the server is reached by plain HTTP.
    transformStaticCSP: (header) => header.replace(/;?\s*upgrade-insecure-requests/, ''),
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: true, persistAuthorization: false },
    theme: { title: 'Lazada Seller Own Fleet: API' },
  });
  // Written once: anybody may ask for it, and it is large.
  let written: string | undefined;
  app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, async (_request, reply) => {
    written ??= JSON.stringify(app.swagger());
    return reply.type('application/json; charset=utf-8').send(written);
  });
}

/** What the API page tells of a route, and what the server parses it with. */
export function schemaOf(route: Route): FastifySchema {
  const { url, access, endpoint } = route;
  const { summary, params, query, body, answers, idempotent, uploads, form } = endpoint;
  return {
    operationId: operationIdOf(route),
    summary,
    description: describeAccess(access),
    tags: [url.split('/').find((part) => part && part !== 'v1') ?? ''],
    security:
      access === 'open' ? [] : access.startsWith('person') ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }],
    // A path whose shape is left out has no parameters; a query or body that is not expected is refused by name.
    ...(params && { params }),
    querystring: query ?? z.strictObject({}),
    ...(body && { body }),
    ...(form && body && { consumes: ['application/json', 'application/x-www-form-urlencoded'] }),
    ...(uploads && { body: uploadedForm, consumes: ['multipart/form-data'] }),
    ...(Object.values(answers).some(isKept) && { headers: cached }),
    ...(idempotent && { headers: z.object({ [KEY_HEADER]: keyHeader }) }),
    response: { ...described(answers), ...refusals(route), default: problem('A refusal of another kind, or a fault.') },
  };
}

/** Of a file's call. Other headers come through. */
const cached = z.looseObject({
  'if-none-match': z.string().optional().describe('The ETag of the bytes that are there already.'),
});

const isKept = (shape: object) => isFileShape(shape) && !isStreamShape(shape);

/** For the page: the form itself is read as it comes. */
const uploadedForm = z.object({ file: z.file() });

/** `201: Created`, and the shape's own words where it has some. */
const described = (answers: Answers): object =>
  Object.assign({}, ...Object.entries(answers).map(([status, shape]) => describedAnswer(status, shape)));

const BODILESS = new Set(['204', '303']);

function describedAnswer(status: string, shape: Answers[number]): Record<string, unknown> {
  const description = shape.description ?? STATUS_CODES[status] ?? '';
  if (!isFileShape(shape)) {
    return {
      [status]: BODILESS.has(status) ? shape : { description, content: { 'application/json': { schema: shape } } },
    };
  }
  const schema = z.string().meta({ format: 'binary' });
  const whole = { [status]: { description, content: { [shape.mediaType]: { schema } } } };
  if (isStreamShape(shape)) return whole;
  const known = z.undefined().describe('Whoever asks has it already: If-None-Match names its tag.');
  return { ...whole, 304: known };
}

/** What any call of its kind may be refused with, and the endpoint's own words where it has some. */
function refusals({ access, endpoint }: Route) {
  const words: Record<number, string> = {
    ...(access !== 'open' && {
      401: 'No key or session came along that works.',
      403: 'The key or person may not do this.',
    }),
    ...(endpoint.params && { 404: 'There is nothing of that name; the words say what is missing.' }),
    422: 'A field cannot be used: each is named, with what would be right.',
    429: 'Too many requests; Retry-After says for how long.',
    ...endpoint.refusals,
  };
  return Object.fromEntries(Object.entries(words).map(([status, description]) => [status, problem(description)]));
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemShape } },
});

function describeAccess(access: Access): string {
  if (access === 'open') return 'Open to anybody.';
  if (access === 'person') return 'For a person who signed in.';
  return `Needs the scope \`${access}\`.`;
}

/** Each shape is written once as it goes out and once as it would come in; only some of them do. */
function withoutUnused<Document extends object>(document: Document): Document {
  const { components } = document as { components?: { schemas?: object } };
  const text = JSON.stringify(document);
  const used = Object.entries(components?.schemas ?? {}).filter(([name]) =>
    text.includes(`"#/components/schemas/${name}"`),
  );
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } };
}
