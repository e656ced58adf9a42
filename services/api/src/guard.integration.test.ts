/** Every route that the server has, against everybody who may not use it. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Role, SCOPES } from '@lazada-sof/db';
import { describeOnRedis } from '@lazada-sof/testkit';
import fastify from 'fastify';
import { type Access, isForPeople } from './access.ts';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';
import { openGate } from './gate/gate.ts';
import { guard } from './guard.ts';
import { openSessions } from './session.ts';

await describeOnRedis('who may not use a route', () => {
  let api: TestApi;
  /** Made once each: a person costs a password hash. */
  const people = new Map<Role, Headers>();
  beforeAll(async () => {
    api = await openApiForTest();
    for (const role of ['viewer', 'clerk', 'operator', 'admin'] as const) people.set(role, await api.person(role));
  });
  afterAll(() => api.close());

  const refused = async (route: { method: string; url: string }, headers: Headers) => {
    const url = route.url.replaceAll(/:\w+|\*/g, '1');
    const response = await api.call(`${route.method} ${url}`, { headers });
    return { route: `${route.method} ${route.url}`, status: response.statusCode };
  };
  const guarded = () => api.app.guarded.filter(({ access }) => access !== 'open');
  const each = (work: (route: { method: string; url: string; access: Access }) => Promise<unknown>) =>
    Promise.all(guarded().map(work));
  const all = (status: number, routes = guarded()) =>
    routes.map(({ method, url }) => ({ route: `${method} ${url}`, status }));

  test('there are routes to try: the API and the dashboard', () => {
    const urls = guarded().map(({ url }) => url);
    expect(urls).toEqual(expect.arrayContaining(['/v1/accounts', '/v1/orders', '/session', '/queues/api/queues']));
  });

  test('only the API page, the sign-in and what opens by its signature are open', () => {
    const open = api.app.guarded.filter(({ access, url }) => access === 'open' && !url.startsWith('/docs'));
    const routes = open.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`);
    expect(routes.toSorted()).toEqual([
      ...['GET /openapi.json', 'GET /sign-in', 'POST /session', 'POST /sign-out', 'POST /webhooks/lazada'],
    ]);
  });

  test('a route that does not say who may use it cannot be made', async () => {
    const app = fastify();
    const sessions = openSessions({ secret: 's'.repeat(32), store: api.db.access });
    guard(app, { findKey: api.db.access.verifyKey, sessions, gate: openGate(), isProxy: () => false });
    expect(() => app.get('/v1/forgotten', async () => 'secrets')).toThrow('GET /v1/forgotten does not say who');
    await app.close();
  });

  test('with a slash behind, without key and session: 401, or there is none', async () => {
    const slashed = guarded().map(({ method, url }) => ({ method, url: `${url}/` }));
    const answers = await Promise.all(slashed.map((route) => refused(route, {})));
    expect(answers.filter(({ status }) => status !== 401 && status !== 404)).toEqual([]);
    expect(answers).toContainEqual({ route: 'GET /queues/', status: 401 });
  });

  test('without key and session: 401', async () => {
    expect(await each((route) => refused(route, {}))).toEqual(all(401));
  });

  test.each([
    ['a key that was never made', 'Bearer sof_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['another scheme', 'Basic YW5uOnBhc3N3b3Jk'],
    ['no key after the scheme', 'Bearer'],
  ])('with %s: 401', async (_, authorization) => {
    expect(await each((route) => refused(route, { authorization }))).toEqual(all(401));
  });

  test('with a key that was revoked: 401', async () => {
    const key = await api.db.access.createKey('revoked', ['admin']);
    await api.db.access.revokeKey('revoked');
    const authorization = `Bearer ${key}`;
    expect(await each((route) => refused(route, { authorization }))).toEqual(all(401));
  });

  test('with a key whose last day is over: 401', async () => {
    const key = await api.db.access.createKey('ended', ['admin']);
    await api.database.sql("update api_key set expires_at = now() - interval '1 s' where name = 'ended'");
    const authorization = `Bearer ${key}`;
    expect(await each((route) => refused(route, { authorization }))).toEqual(all(401));
  });

  test('with a cookie that we did not sign: 401', async () => {
    const headers = { cookie: '__Host-sof_session=YW5u.9999999999999.AAAA', origin: 'http://api.test' };
    expect(await each((route) => refused(route, headers))).toEqual(all(401));
  });

  test('with a key that has every scope but the one: 403', async () => {
    const forKeys = guarded().filter(({ access }) => !isForPeople(access));
    const answers = forKeys.map(async (route) => {
      const others = SCOPES.filter((scope) => scope !== route.access && scope !== 'admin');
      return refused(route, await api.key(...others));
    });
    expect(await Promise.all(answers)).toEqual(all(403, forKeys));
  });

  test('with a key where a person is asked for, whatever its scopes: 403', async () => {
    const forPeople = guarded().filter(({ access }) => isForPeople(access));
    const headers = await api.key(...SCOPES);
    expect(await Promise.all(forPeople.map((route) => refused(route, headers)))).toEqual(all(403, forPeople));
  });

  test.each<[Role, Access[]]>([
    ['viewer', ['accounts:write', 'imports:write', 'orders:write', 'person:orders:write', 'person:admin', 'admin']],
    ['clerk', ['accounts:write', 'orders:write', 'person:orders:write', 'person:admin', 'admin']],
    ['operator', ['accounts:write', 'person:admin', 'admin', 'nobody']],
    ['admin', ['nobody']],
  ])('as a person who is only %s: 403', async (role, accesses) => {
    const above = guarded().filter(({ access }) => accesses.includes(access));
    expect(above.length).toBeGreaterThan(5);
    const answers = above.map((route) => refused(route, people.get(role) ?? {}));
    expect(await Promise.all(answers)).toEqual(all(403, above));
  });

  describe('a change with the cookie from elsewhere: 403', () => {
    test.each([
      ['another site', { origin: 'https://evil.example' }],
      ['the same name on another port', { origin: 'http://api.test:8443' }],
      ['a page without an origin', { origin: 'null' }],
    ])('%s', async (_, foreign) => {
      const changing = api.app.guarded.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
      const headers = { ...people.get('operator'), ...foreign };
      expect(await Promise.all(changing.map((route) => refused(route, headers)))).toEqual(all(403, changing));
    });

    test('no origin at all', async () => {
      const { origin: _, ...headers } = people.get('operator') ?? {};
      const response = await api.call('DELETE /session', { headers });
      expect(response.statusCode).toBe(403);
      expect(response.json().detail).toContain('header Origin is missing');
    });
  });
});
