/** What an attacker sends who is nobody, against the whole server: what it asks the database for, and who is kept waiting. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMetrics } from '@lazada-sof/runtime';
import { describeOnRedis } from '@lazada-sof/testkit';
import type { FastifyInstance } from 'fastify';
import { type Headers, openApiForTest, type TestApi } from '../api.fixture.ts';
import { buildApi } from '../app.ts';
import { openSessions, SESSION_COOKIE } from '../session.ts';
import { UNKNOWN_PER_MINUTE } from './gate.ts';

const madeUp = (n: number): Headers => ({ authorization: `Bearer sof_${String(n).padStart(43, 'x')}` });
const FLOOD = UNKNOWN_PER_MINUTE + 200;

type Sent = { from?: string; headers?: Headers; method?: 'GET' | 'POST' | 'DELETE'; url?: string; payload?: string };

await describeOnRedis('work before anybody is known', () => {
  let api: TestApi;
  let key: Headers;
  let person: Headers;
  /** Beside the usual one: behind proxies, with look-ups that are counted. */
  let app: FastifyInstance;
  let lookedUp = { keys: 0, sessions: 0 };
  beforeAll(async () => {
    api = await openApiForTest();
    const { db } = api;
    const secret = 's'.repeat(32);
    const access = {
      ...db.access,
      verifyKey: (one: string) => {
        lookedUp.keys += 1;
        return db.access.verifyKey(one);
      },
      sessionOf: (one: string, now: Date) => {
        lookedUp.sessions += 1;
        return db.access.sessionOf(one, now);
      },
    };
    const sessions = openSessions({ secret, store: access });
    app = await buildApi({
      ...api,
      db: { ...db, access },
      sessions,
      metrics: createMetrics(),
      proxies: ['10.0.0.0/8'],
    });
    await app.ready();
    key = await api.key('orders:read');
    await db.access.addUser({ name: 'ann', password: 'correct horse battery', role: 'viewer' });
    const { cookie, session } = sessions.prepare(new Date());
    await db.access.signIn('ann', 'correct horse battery', { network: '127.0.0.1', opens: session });
    person = { cookie: `${SESSION_COOKIE}=${cookie}` };
  });
  afterAll(async () => {
    await app.close();
    await api.close();
  });

  let nobodies = 0;
  /** An address from which nothing has come yet. */
  const nobody = () => {
    nobodies += 1;
    return `198.51.100.${nobodies}`;
  };
  const send = ({ from = '203.0.113.1', headers = {}, method = 'GET', url = '/v1/orders', payload }: Sent) =>
    app.inject({
      ...{ method, url, remoteAddress: from, headers: { host: 'api.test', ...headers } },
      ...(payload !== undefined && { payload }),
    });
  const statusOf = async (sent: Sent) => (await send(sent)).statusCode;
  /** How many answers of each status, and what they cost. */
  async function flood(sent: (n: number) => Sent, times = FLOOD) {
    lookedUp = { keys: 0, sessions: 0 };
    const statuses: Record<number, number> = {};
    for (let from = 0; from < times; from += 100) {
      const some = Array.from({ length: Math.min(100, times - from) }, (_, n) => statusOf(sent(from + n)));
      for (const status of await Promise.all(some)) statuses[status] = (statuses[status] ?? 0) + 1;
      api.logged();
    }
    return { statuses, lookedUp };
  }

  test('a new made-up key with each request costs a look-up each up to the limit, then none', async () => {
    expect(await flood((n) => ({ from: '203.0.113.2', headers: madeUp(n) }))).toEqual({
      statuses: { 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE },
      lookedUp: { keys: UNKNOWN_PER_MINUTE, sessions: 0 },
    });
    const refused = await send({ from: '203.0.113.2', headers: madeUp(0) });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({ status: 429, requestId: refused.headers['x-request-id'] });
  });

  test.each<[string, (n: number) => Headers]>([
    ['nothing', () => ({})],
    ['keys of a form that none has', (n) => ({ authorization: `Bearer sof_${n}` })],
    ['keys with NUL in them', (n) => ({ authorization: `Bearer sof_\u0000${n}` })],
    ['keys of another system', (n) => ({ authorization: `Bearer ${String(n).padStart(47, 'x')}` })],
    ['another scheme', (n) => ({ authorization: `Basic ${n}` })],
    ['forged cookies', (n) => ({ cookie: `${SESSION_COOKIE}=${String(n).padStart(43, 'x')}.${'x'.repeat(43)}` })],
    ['a cookie of the old name', (n) => ({ cookie: `sof_session=${n}` })],
  ])('%s costs no look-up at all, and counts', async (_, headers) => {
    const from = nobody();
    expect(await flood((n) => ({ from, headers: headers(n) }))).toEqual({
      statuses: { 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE },
      lookedUp: { keys: 0, sessions: 0 },
    });
  });

  test.each<[string, Sent, number]>([
    ['paths that there are not', { url: '/v1/nothing', headers: madeUp(1) }, 404],
    ['the open pages', { url: '/openapi.json' }, 200],
    ['the sign-in page', { url: '/sign-in' }, 200],
    [
      'changes from another site',
      { method: 'DELETE', url: '/session', headers: { cookie: `${SESSION_COOKIE}=x` } },
      403,
    ],
  ])('%s count, and are not looked up', async (_, sent, status) => {
    const from = nobody();
    expect(await flood(() => ({ ...sent, from }))).toEqual({
      statuses: { [status]: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE },
      lookedUp: { keys: 0, sessions: 0 },
    });
  });

  test('sign-ins count too, beyond their own limit', async () => {
    const from = '203.0.113.3';
    const signIn: Sent = {
      from,
      method: 'POST',
      url: '/session',
      payload: '{}',
      headers: { 'content-type': 'application/json' },
    };
    expect((await flood(() => signIn)).statuses).toEqual({ 422: 60, 429: FLOOD - 60 });
    expect(await statusOf({ from })).toBe(429);
  });

  test('who has 2^64 addresses has one', async () => {
    const from = (n: number) => `2001:db8:0:7:${n.toString(16)}::${n.toString(16)}`;
    expect((await flood((n) => ({ from: from(n) }))).statuses).toEqual({ 401: UNKNOWN_PER_MINUTE, 429: 200 });
    expect(await statusOf({ from: '2001:db8:0:8::1' })).toBe(401);
  });

  test('a key and a session that worked a moment ago pass from an address over the limit, others do not', async () => {
    const from = '203.0.113.4';
    const late = await api.key('orders:read');
    expect([await statusOf({ from, headers: key }), await statusOf({ from, headers: person })]).toEqual([200, 200]);
    await flood(() => ({ from }));
    expect([await statusOf({ from, headers: key }), await statusOf({ from, headers: person })]).toEqual([200, 200]);
    expect(await statusOf({ from, headers: person, url: '/sign-in' })).toBe(200);
    lookedUp = { keys: 0, sessions: 0 };
    expect([await statusOf({ from, headers: late }), lookedUp.keys]).toEqual([429, 0]);
    expect(await statusOf({ from: '203.0.113.5', headers: late })).toBe(200);
  });

  test('a key that works is never one of them', async () => {
    const from = '203.0.113.6';
    const other = await api.key('orders:read');
    expect((await flood(() => ({ from, headers: other, url: '/v1/orders?limit=1' }))).statuses).toEqual({ 200: FLOOD });
    expect((await flood(() => ({ from, headers: other, url: '/v1/accounts' }))).statuses).toEqual({ 403: FLOOD });
    expect(await statusOf({ from })).toBe(401);
  });

  test('a key that is revoked is none that works any more', async () => {
    const from = '203.0.113.7';
    const name = 'to be revoked';
    const authorization = `Bearer ${await api.db.access.createKey(name, ['orders:read'])}`;
    expect(await statusOf({ from, headers: { authorization } })).toBe(200);
    await api.db.access.revokeKey(name);
    const { statuses } = await flood(() => ({ from, headers: { authorization } }));
    expect(statuses).toEqual({ 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE });
  });

  describe('pushes of Lazada', () => {
    const push = (secret: string, filling = ''): Sent => {
      const facts = { seller_id: '9', message_type: 7, data: {}, timestamp: 1, site: 'lazada_sg' };
      const payload = JSON.stringify({ ...facts, ...(filling && { filling }) });
      const authorization = createHmac('sha256', secret).update('push-key').update(payload).digest('hex');
      return { method: 'POST', url: '/webhooks/lazada', payload, headers: { authorization } };
    };
    beforeAll(async () => {
      await api.db.accounts.create({
        name: 'pushed',
        country: 'SG',
        appKey: 'push-key',
        appSecret: 'push-secret',
        deliveryType: 'pickup',
      });
    });

    test('that nobody signed count', async () => {
      const { statuses } = await flood(() => ({ ...push('forged'), from: '203.0.113.8' }));
      expect(statuses).toEqual({ 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE });
      expect(await statusOf({ from: '203.0.113.8' })).toBe(429);
    });

    test('that are signed rightly do not, and pass from an address over the limit', async () => {
      const from = '203.0.113.9';
      expect((await flood(() => ({ ...push('push-secret'), from }))).statuses).toEqual({ 200: FLOOD });
      await flood(() => ({ from }));
      expect([await statusOf({ from }), await statusOf({ ...push('push-secret'), from })]).toEqual([429, 200]);
    });

    test('that are long count before anybody looks at them: from an address over the limit at none', async () => {
      const from = '203.0.113.10';
      const long = { ...push('push-secret', 'x'.repeat(3_000)), from };
      expect((await flood(() => long)).statuses).toEqual({ 200: FLOOD });
      await flood(() => ({ from }));
      expect([await statusOf(long), await statusOf({ ...push('push-secret'), from })]).toEqual([429, 200]);
    });
  });

  describe('behind a proxy', () => {
    const PROXY = '10.0.0.1';
    const through = (client: string): Sent => ({ from: PROXY, headers: { 'x-forwarded-for': client } });

    test('each client is counted for itself, and whatever it writes before itself changes nothing', async () => {
      const forged = await flood((n) => through(`192.0.2.${n % 250}, 203.0.113.20`));
      expect(forged.statuses).toEqual({ 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE });
      expect(await statusOf(through('203.0.113.21'))).toBe(401);
      expect(await statusOf({ from: PROXY })).toBe(401);
    });

    test('who is no proxy is counted by where it connects from, whatever it writes', async () => {
      const { statuses } = await flood((n) => ({
        from: '203.0.113.22',
        headers: { 'x-forwarded-for': `192.0.2.${n % 250}` },
      }));
      expect(statuses).toEqual({ 401: UNKNOWN_PER_MINUTE, 429: FLOOD - UNKNOWN_PER_MINUTE });
    });

    test('the log names the client at a sign-in that failed', async () => {
      api.logged();
      await send({
        ...{ from: PROXY, method: 'POST', url: '/session', payload: '{"user":"eve","password":"guess"}' },
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1, 203.0.113.23' },
      });
      expect(api.logged()).toContain('"ip":"203.0.113.23"');
    });

    describe('that ends TLS, a change with the cookie', () => {
      const tls: Headers = { 'x-forwarded-for': '203.0.113.24', 'x-forwarded-proto': 'https' };
      const change = (headers: Headers, from = PROXY) =>
        statusOf({ from, method: 'POST', url: '/v1/imports/1/run', headers: { ...person, ...tls, ...headers } });

      test.each<[string, Headers]>([
        ['of the name that it hands on as it came', { host: 'sof.example', origin: 'https://sof.example' }],
        [
          'of the name that it hands on in a header',
          { host: 'inner:8080', 'x-forwarded-host': 'sof.example', origin: 'https://sof.example' },
        ],
        ['of the name with the port that is usual', { host: 'sof.example:443', origin: 'https://sof.example' }],
        ['of another port', { host: 'sof.example:8443', origin: 'https://sof.example:8443' }],
      ])('%s is our own', async (_, headers) => {
        // Let through, and then refused to a viewer.
        const response = await send({
          from: PROXY,
          method: 'POST',
          url: '/v1/imports/1/run',
          headers: { ...person, ...tls, ...headers },
        });
        expect(response.json().detail).toContain('needs the scope imports:write');
      });

      test.each<[string, Headers]>([
        ['of another site', { host: 'sof.example', origin: 'https://evil.example' }],
        ['of the same name without TLS', { host: 'sof.example', origin: 'http://sof.example' }],
        [
          'of a name that somebody wrote before',
          { host: 'inner', 'x-forwarded-host': 'evil.example, sof.example', origin: 'https://evil.example' },
        ],
        ['of a name that goes on', { host: 'sof.example', origin: 'https://sof.example.evil.example' }],
        ['of nothing', { host: 'sof.example', origin: 'null' }],
      ])('%s is foreign', async (_, headers) => {
        const response = await send({
          from: PROXY,
          method: 'POST',
          url: '/v1/imports/1/run',
          headers: { ...person, ...tls, ...headers },
        });
        expect(response.json().detail).toContain('must come from this server');
        expect(await change(headers)).toBe(403);
      });

      test('of a name that only its sender gives is foreign', async () => {
        const headers = { host: 'sof.example', 'x-forwarded-host': 'evil.example', origin: 'https://evil.example' };
        expect(await change(headers, '203.0.113.25')).toBe(403);
      });
    });
  });
});
