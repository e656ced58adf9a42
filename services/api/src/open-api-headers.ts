/** The headers of answers: each described once, and named by every answer that has it. */

const text = (description: string) => ({ description, schema: { type: 'string' } });
const count = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } });

const HEADERS = {
  'X-Request-Id': text('The id of this request; our log names it too.'),
  'X-RateLimit-Limit': count('Requests that there may be in a minute.'),
  'X-RateLimit-Remaining': count('Requests that are left in this minute.'),
  'X-RateLimit-Reset': count('Seconds until it begins anew.'),
  'Retry-After': count('Seconds to wait.'),
  ETag: text('Of these bytes; send it as If-None-Match to get them only where they have changed.'),
  'Content-Disposition': text('An attachment, with the name under which to save it.'),
  Link: text('rel="next": the part after this one. Left out of the last.'),
} as const;
type Header = keyof typeof HEADERS;

const EVERYWHERE: readonly Header[] = [
  'X-Request-Id',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];
const OF_FILES: readonly Header[] = ['ETag', 'Content-Disposition', 'Link'];

type Answer = { headers?: object; content?: Readonly<Record<string, unknown>> };
type Described = {
  paths?: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, Answer> }>>>>;
  components?: object;
};

export function withHeaders<Document extends object>(document: Document): Document {
  // What @fastify/swagger calls a document names every version of OpenAPI; ours is 3.1 and has these.
  const { paths = {}, components } = document as Described;
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, answer] of Object.entries(operation.responses))
      answer.headers = { ...answer.headers, ...refsTo(headersOf(status, answer)) };
  }
  return { ...document, components: { ...components, headers: HEADERS } };
}

function headersOf(status: string, { content = {} }: Answer): readonly Header[] {
  if ('text/csv' in content) return [...EVERYWHERE, 'Content-Disposition'];
  const isFile = Object.keys(content).some((type) => !type.includes('json'));
  if (isFile) return [...EVERYWHERE, ...OF_FILES];
  if (status === '304') return [...EVERYWHERE, 'ETag'];
  return ['429', '503'].includes(status) ? [...EVERYWHERE, 'Retry-After'] : EVERYWHERE;
}

const refsTo = (names: readonly Header[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
