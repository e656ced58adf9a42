import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { ClientError } from '../http/errors.ts';
import { openSofClient } from './client.ts';
import type { TooManyRequestsError } from './errors.ts';

const BASE = 'https://sofp.test';
const client = openSofClient({
  baseUrl: BASE,
  authPath: '/api/auth',
  statusPath: '/api/statuses/',
  usernameField: 'login',
  passwordField: 'secret',
});
const network = setupServer();
beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => {
  network.close();
  client.close();
});

const seen: { url: string; headers: Headers; body: string }[] = [];
type Answer = Parameters<typeof HttpResponse.json>[1] & { body?: string };
function answer(path: string, { body = '', ...init }: Answer) {
  seen.length = 0;
  network.use(
    http.post(`${BASE}${path}`, async ({ request }) => {
      seen.push({ url: request.url, headers: request.headers, body: await request.text() });
      return new HttpResponse(body, init);
    }),
  );
}
const jwt = (claims: object) => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
const failing = async (call: Promise<unknown>): Promise<ClientError> => {
  const error = await call.catch((thrown: unknown) => thrown);
  if (error instanceof ClientError) return error;
  throw new Error(`expected a ClientError, got ${error}`);
};

describe('authenticate', () => {
  const login = { username: 'shop-7', password: 'Pa55word!' };
  const END = 1_800_000_000;

  test('sends the two fields under their configured names', async () => {
    answer('/api/auth', { status: 200, body: '{"access_token":"t"}' });
    await client.authenticate(login);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ login: 'shop-7', secret: 'Pa55word!' });
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
    expect(seen[0]?.headers.get('accept')).toBe('application/json');
  });

  test.each([
    ['access_token', 200, { access_token: jwt({ exp: END }) }],
    ['token', 200, { token: jwt({ exp: END }) }],
    ['jwt', 201, { jwt: jwt({ exp: END }), extra: true }],
  ])('takes the token from %s with %i, and its end from its own exp', async (_field, status, body) => {
    answer('/api/auth', { status, body: JSON.stringify(body) });
    expect(await client.authenticate(login)).toEqual({
      token: Object.values(body)[0],
      expiresAt: new Date(END * 1_000),
    });
  });

  test.each(['opaque', jwt({ sub: 'x' }), 'a.b.c', jwt({ exp: 'soon' }), jwt({ exp: 9e12 })])(
    'a token "%s" that tells no end lives 300 s',
    async (token) => {
      answer('/api/auth', { status: 200, body: JSON.stringify({ access_token: token }) });
      const before = Date.now();
      const { expiresAt } = await client.authenticate(login);
      expect(expiresAt.getTime() - before).toBeGreaterThanOrEqual(300_000);
      expect(expiresAt.getTime() - before).toBeLessThan(305_000);
    },
  );

  test.each([
    [401, 'bad credentials', 'LoginRefusedError'],
    [400, '{"error":"invalid"}', 'LoginRefusedError'],
    [403, '', 'WrongAddressError'],
    [404, '<html>', 'WrongAddressError'],
    [302, '', 'WrongAddressError'],
    [429, '', 'TooManyRequestsError'],
    [500, '', 'ServerRefusedError'],
    [503, '', 'ServerRefusedError'],
    [502, '', 'UncertainAnswerError'],
    [200, '<html>Login</html>', 'NoTokenInAnswerError'],
    [200, '', 'NoTokenInAnswerError'],
    [200, '{"access_token":""}', 'NoTokenInAnswerError'],
    [200, '{"access_tok', 'NoTokenInAnswerError'],
    [200, '"text"', 'NoTokenInAnswerError'],
  ])('%i with "%s" is a %s', async (status, body, name) => {
    answer('/api/auth', { status, body });
    const error = await failing(client.authenticate(login));
    expect([error.name, error.httpStatus]).toEqual([name, status]);
  });

  test('the password never shows, even where the answer repeats it', async () => {
    answer('/api/auth', { status: 401, body: 'no such login shop-7 / Pa55word!' });
    const error = await failing(client.authenticate(login));
    expect(error.message).toContain('"shop-7"');
    expect(error.excerpt).toBe('no such login shop-7 / [redacted]');
    expect(`${error.message}${error.cause}`).not.toContain('Pa55word');
  });
});

describe('sendUpdateOrderStatus', () => {
  const update = {
    status: 'delivered',
    trackingNumber: 'LZSOF-1',
    occurredAt: new Date('2024-05-01T10:11:12.999Z'),
  } as const;
  const send = () => client.sendUpdateOrderStatus('the.tok.en', update);

  test('sends status, tracking number and the time in whole seconds of UTC', async () => {
    answer('/api/statuses/', { status: 202 });
    expect(await send()).toEqual({ httpStatus: 202 });
    expect(seen[0]?.url).toBe(`${BASE}/api/statuses/`);
    expect(seen[0]?.headers.get('authorization')).toBe('JWT the.tok.en');
    expect(seen[0]?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      status: 'delivered',
      tracking_number: 'LZSOF-1',
      timestamp: '2024-05-01T10:11:12+00:00',
    });
  });

  test.each([
    [200, '{"ok":true}'],
    [201, '<html>'],
    [202, ''],
    [204, null],
  ])('%i is a yes, whatever its body', async (status, body) => {
    answer('/api/statuses/', { status, ...(body === null ? {} : { body }) });
    expect(await send()).toEqual({ httpStatus: status });
  });

  test.each([
    [400, "Order with tracking_number LZSOF-1 doesn't exist", 'UnknownTrackingNumberError', 'refused'],
    [400, 'tracking number doesn’t exist', 'UnknownTrackingNumberError', 'refused'],
    [400, '{"error":"doesn\\u0027t exist"}', 'UnknownTrackingNumberError', 'refused'],
    [400, '<p>LZSOF-1 doesn&#39;t exist</p>', 'UnknownTrackingNumberError', 'refused'],
    [400, '{"error":"required value missing: status"}', 'MissingValueError', 'refused'],
    [400, 'Status lost is not registered in the system', 'UnknownStatusError', 'refused'],
    [400, 'something else', 'RequestRefusedError', 'refused'],
    [400, '', 'RequestRefusedError', 'refused'],
    [401, 'token expired', 'TokenRefusedError', 'refused'],
    [403, '', 'WrongAddressError', 'refused'],
    [404, '<html>', 'WrongAddressError', 'refused'],
    [405, '', 'WrongAddressError', 'refused'],
    [301, '', 'WrongAddressError', 'refused'],
    [307, '', 'WrongAddressError', 'refused'],
    [409, '', 'RequestRefusedError', 'refused'],
    [422, '', 'RequestRefusedError', 'refused'],
    [429, '', 'TooManyRequestsError', 'refused'],
    [500, '', 'ServerRefusedError', 'refused'],
    [503, '', 'ServerRefusedError', 'refused'],
    [408, '', 'UncertainAnswerError', 'unknown'],
    [502, '<html>Bad gateway</html>', 'UncertainAnswerError', 'unknown'],
    [504, '', 'UncertainAnswerError', 'unknown'],
    [520, '', 'UncertainAnswerError', 'unknown'],
  ])('%i with "%s" is a %s: %s', async (status, body, name, delivery) => {
    answer('/api/statuses/', { status, body, ...(status < 400 ? { headers: { location: `${BASE}/other` } } : {}) });
    const error = await failing(send());
    expect([error.name, error.delivery, error.httpStatus]).toEqual([name, delivery, status]);
    expect(error.request).toEqual({ method: 'POST', url: `${BASE}/api/statuses/` });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['7', 7_000],
    [undefined, null],
  ])('429 with Retry-After %s tells the wait', async (header, expected) => {
    answer('/api/statuses/', { status: 429, ...(header ? { headers: { 'retry-after': header } } : {}) });
    const error = await failing(send());
    expect((error as TooManyRequestsError).retryAfterMs).toBe(expected);
  });

  test('the token never shows, even where the answer repeats it', async () => {
    answer('/api/statuses/', { status: 400, body: 'bad token the.tok.en' });
    expect((await failing(send())).excerpt).toBe('bad token [redacted]');
  });
});
