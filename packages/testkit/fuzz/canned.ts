/** Connections on which an answer has come already: what it says is foreign, how it came is another test's. */
import fc from 'fast-check';
import type { Connections } from '../../clients/src/http/connections.ts';
import { ClientError } from '../../clients/src/http/errors.ts';
import { promised } from './fuzz.ts';

export type CannedAnswer = { readonly status: number; readonly retryAfter: string | undefined; readonly body: Buffer };

export const connectionsWith = ({ status, retryAfter, body }: CannedAnswer): Connections => ({
  send: async () => ({ status, headers: { 'retry-after': retryAfter }, body }),
  close: () => undefined,
});

const STATUSES = [201, 202, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 422, 429, 500, 502, 503, 504, 999];
const RETRY_AFTER = [
  '120',
  '-5',
  '',
  '9'.repeat(400),
  'Wed, 01 May 2024 10:00:30 GMT',
  'soon',
  '12.5',
  '+012345-01-01',
];

/** Most of them are a success by their status. */
export const answersOf = (bodies: fc.Arbitrary<string | Buffer>): fc.Arbitrary<CannedAnswer> =>
  fc.record({
    status: fc.oneof(
      { weight: 5, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(...STATUSES) },
    ),
    retryAfter: fc.constantFrom(undefined, ...RETRY_AFTER),
    body: bodies.map((body) => Buffer.from(body)),
  });

export const answer = (body: string, status = 200): CannedAnswer => ({
  status,
  retryAfter: undefined,
  body: Buffer.from(body),
});

/** What the calls were made with; whoever answers may repeat it. */
export const SECRET = 'hush-8f3a91-hush';
const LONGEST_MESSAGE = 4_000;

/** What a call answers is data without holes; what it throws is the client's, short, and holds no secret. */
export async function holdsAsCall(call: () => Promise<unknown>): Promise<void> {
  const error = await call().then(
    (content) => isData(content, 'the answer'),
    (thrown: unknown) => ({ thrown }),
  );
  if (!error) return;
  const { thrown } = error;
  if (!(thrown instanceof ClientError)) throw thrown;
  promised(thrown.message.length < LONGEST_MESSAGE, `an error of ${thrown.message.length} characters`);
  promised((thrown.excerpt ?? '').length <= 500, 'an excerpt of at most 500 characters');
  const shown = `${thrown.message} ${thrown.excerpt} ${JSON.stringify(thrown)}`;
  promised(!shown.includes(SECRET), `no secret in ${shown}`);
}

/** Dates are dates and numbers numbers, as deep as it goes. */
export function isData(value: unknown, where: string): void {
  if (value instanceof Date) promised(!Number.isNaN(value.getTime()), `${where} is a date`);
  else if (typeof value === 'number') promised(!Number.isNaN(value), `${where} is a number`);
  else if (value instanceof Map) isData([...value], where);
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const [name, inner] of Object.entries(value)) isData(inner, `${where}.${name}`);
  }
}
