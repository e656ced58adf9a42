import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDb } from '@lazada-sof/db';
import { createMetrics } from '@lazada-sof/runtime';
import { describeOnRedis } from '@lazada-sof/testkit';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';
import { buildApi } from './app.ts';
import { openSessions } from './session.ts';

await describeOnRedis('refusals and faults', () => {
  let api: TestApi;
  let headers: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    headers = { ...(await api.key('accounts:write', 'orders:read')), 'content-type': 'application/json' };
  });
  afterAll(() => api.close());

  const post = (payload: string) => api.app.inject({ method: 'POST', url: '/v1/accounts', headers, payload });

  test('are problem documents with the id of the request', async () => {
    const response = await api.call('GET /v1/nothing', { headers });
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no GET /v1/nothing; see /docs.',
      requestId: response.headers['x-request-id'],
    });
  });

  test.each([
    ['half a JSON', '{"name":', 422],
    ['no object', '[]', 422],
    ['nothing at all', '', 422],
    ['a body that changes every object', '{"__proto__":{"admin":true}}', 422],
    ['more than a quarter megabyte', JSON.stringify({ name: 'x'.repeat(300_000) }), 413],
  ])('%s', async (_, payload, status) => {
    const response = await post(payload);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status, requestId: expect.any(String) });
  });

  test.each([
    ['POST /session', { user: 'a\0', password: 'x\ud83d' }, ['password', 'user']],
    ['PATCH /v1/accounts/one', { shipmentProvider: 'a\0b' }, ['shipmentProvider']],
    ['PATCH /v1/accounts/a%00', {}, ['name']],
  ])('%s with what no database holds: 422 that names it', async (what, body, fields) => {
    const response = await api.call(what, { headers, body });
    expect(response.statusCode).toBe(422);
    const errors: { field: string }[] = response.json().errors;
    expect(errors.map(({ field }) => field).sort()).toEqual(fields);
  });

  test('another content type: 415', async () => {
    const xml = { ...headers, 'content-type': 'application/xml' };
    const response = await api.app.inject({ method: 'POST', url: '/v1/accounts', headers: xml, payload: '<a/>' });
    expect(response.statusCode).toBe(415);
  });

  test('every answer carries the headers that keep browsers from guessing', async () => {
    const response = await api.call('GET /v1/orders', { headers });
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-ratelimit-limit': '6000',
    });
  });

  test('a limit that is used up: 429 with the time to wait', async () => {
    const busy = await api.key('orders:read');
    expect((await api.call('GET /v1/orders?limit=1', { headers: busy })).statusCode).toBe(200);
    const statuses = new Set<number>();
    for (let sent = 0; sent < 6_050 && !statuses.has(429); sent += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => api.call('GET /v1/nothing', { headers: busy })),
      );
      for (const response of answers) statuses.add(response.statusCode);
    }
    expect(statuses).toEqual(new Set([404, 429]));
    const other = await api.call('GET /v1/orders', { headers });
    expect(other.statusCode).toBe(200);
  });
});

await describeOnRedis('what breaks on our side', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
    await api.database.sql('alter table public.order_lazada rename column hold_reason to gone');
  });
  afterAll(() => api.close());

  test('is told without stack, statement or address, and logged in full', async () => {
    const response = await api.call('GET /v1/orders', { headers: await api.key('orders:read') });
    expect(response.statusCode).toBe(500);
    expect(Object.keys(response.json())).toEqual(['type', 'title', 'status', 'detail', 'requestId']);
    expect(response.body).not.toMatch(/select|hold_reason|column|\.ts|postgres/i);
    const logged = api.logged();
    expect(logged).toContain('hold_reason');
    expect(logged).toContain(response.json().requestId);
  });

  test('a database that is away is no fault of the caller: 503, and when to come again', async () => {
    const db = openDb({ url: 'postgres://u:hush@127.0.0.1:1/d', source: 'api' });
    const sessions = openSessions({ secret: 's'.repeat(32), store: db.access });
    const app = await buildApi({ ...api, db, sessions, metrics: createMetrics() });
    const bearer = { authorization: `Bearer sof_${'x'.repeat(43)}` };
    for (const [method, url, payload] of [
      ['GET', '/v1/orders', undefined],
      ['POST', '/v1/orders/demo-sg/4001/status', { status: 'delivered' }],
      ['POST', '/session', { user: 'ann', password: 'not-a-real-password' }],
    ] as const) {
      const response = await app.inject({ method, url, headers: bearer, ...(payload && { payload }) });
      expect({ url, status: response.statusCode }).toEqual({ url, status: 503 });
      expect(response.headers['retry-after']).toBe('5');
      expect(response.json().detail).toContain('send this again');
      expect(response.body).not.toContain('hush');
    }
    await app.close();
    await db.close();
  });
});
