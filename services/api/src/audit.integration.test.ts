/** What people and programs change is written down, whichever call they use; what they say is not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditLine } from '@lazada-sof/db';
import { describeOnRedis, until } from '@lazada-sof/testkit';
import { type Headers, openApiForTest, PASSWORD, type TestApi } from './api.fixture.ts';

await describeOnRedis('the audit log', () => {
  let api: TestApi;
  let admin: Headers;
  let seen = '0';
  beforeAll(async () => {
    api = await openApiForTest();
    admin = await api.person('admin');
  });
  afterAll(() => api.close());

  /** Since the last look, oldest first. */
  const written = async (): Promise<AuditLine[]> => {
    const { items } = await api.db.audit.list({ limit: 10_000 });
    const fresh = items.filter(({ id }) => BigInt(id) > BigInt(seen)).toReversed();
    seen = fresh.at(-1)?.id ?? seen;
    return fresh;
  };
  beforeEach(() => written());
  const acts = async () => (await written()).map(({ by, act, thing, status }) => ({ by, act, thing, status }));
  /** Of a try that failed the row comes behind the answer. */
  const tries = async () => {
    const found: Awaited<ReturnType<typeof acts>> = [];
    await until(async () => found.push(...(await acts())) > 0, { what: 'the try is written', withinMs: 30_000 });
    return found;
  };

  test('has a row for each call that changes something, however it ends, with who asked: also of the dashboard', async () => {
    const changing = api.app.guarded.filter(
      ({ method, access }) => method !== 'GET' && method !== 'HEAD' && access !== 'open',
    );
    expect(changing.map(({ url }) => url)).toEqual(
      expect.arrayContaining([
        '/v1/users/:name',
        '/session',
        '/v1/imports',
        '/queues/api/queues/:queueName/retry/:queueStatus',
      ]),
    );
    const key = await api.key('admin');
    for (const { method, url } of changing) {
      const to = url.replaceAll(/:\w+|\*/g, 'none');
      await api.call(`${method} ${to}`, { headers: key });
    }
    const routes = (await written()).filter(({ by }) => by.kind === 'key').map(({ act }) => act);
    expect(routes.toSorted()).toEqual(changing.map(({ method, url }) => `${method} ${url}`).toSorted());
  });

  test('has one row a minute of one who is refused, whatever that one tries it on, and each change that was let through', async () => {
    const headers = await api.key('orders:read');
    const tries = Array.from({ length: 40 }, (_, n) => api.call(`DELETE /v1/users/nobody-${n}`, { headers }));
    expect(new Set((await Promise.all(tries)).map(({ statusCode }) => statusCode))).toEqual(new Set([403]));
    const others = await api.key('imports:write');
    await api.call('DELETE /v1/users/nobody-0', { headers: others });
    const may = await api.key('admin');
    for (const _ of [1, 2, 3]) await api.call('DELETE /v1/users/nobody', { headers: may });
    const rows = await written();
    const names = rows.map(({ by }) => by.name);
    const times = [...new Set(names)].map((name) => names.filter((one) => one === name).length);
    // A minute may have ended meanwhile.
    expect([1, 2]).toContain(times[0]);
    expect(times.slice(1)).toEqual([1, 3]);
    expect(rows.map(({ status }) => status)).toEqual([...Array(rows.length - 3).fill(403), 404, 404, 404]);
  });

  test('has none for looking, nor for somebody who has no key', async () => {
    for (const { method, url } of api.app.guarded.filter((route) => route.method === 'GET'))
      await api.call(`${method} ${url.replaceAll(/:\w+|\*/g, 'none')}`, { headers: admin });
    await api.call('POST /v1/users', { body: {} });
    await api.call('DELETE /v1/users/ann', { headers: { authorization: 'Bearer sof_unknown' } });
    expect(await written()).toEqual([]);
  });

  test('tells who, when, from where, what and how it ended, and nothing of what was said', async () => {
    const secret = 'a secret that nobody sees';
    const body = { name: 'ann', role: 'viewer', password: secret };
    const response = await api.app.inject({
      ...{ method: 'POST', url: '/v1/users', payload: body, remoteAddress: '203.0.113.7' },
      headers: { host: 'api.test', ...admin },
    });
    await api.call('PATCH /v1/users/ann', { headers: admin, body: { password: `${secret}!` } });
    await api.call('PATCH /v1/users/ann', { headers: admin, body: { password: 'short' } });
    await api.call('DELETE /v1/users/ann', { headers: admin });
    const lines = await written();
    const by = { kind: 'person', name: expect.stringMatching(/^admin-/) };
    expect(lines).toEqual([
      {
        ...{ id: expect.any(String), at: expect.any(Date), by, address: '203.0.113.7' },
        ...{ act: 'POST /v1/users', thing: 'ann', status: 201, requestId: response.headers['x-request-id'] },
      },
      expect.objectContaining({ by, act: 'PATCH /v1/users/:name', thing: 'ann', status: 200 }),
      expect.objectContaining({ by, act: 'PATCH /v1/users/:name', thing: 'ann', status: 422 }),
      expect.objectContaining({ by, act: 'DELETE /v1/users/:name', thing: 'ann', status: 204 }),
    ]);
    expect(JSON.stringify(await api.database.sql('select * from audit_log'))).not.toContain(secret);
  });

  test('names an order by its account and number, an import by the id that it is given', async () => {
    const headers = await api.key('orders:write', 'imports:write');
    await api.call('PUT /v1/orders/no-such-shop/4711', { headers, body: {} });
    const form = ['--b', 'content-disposition: form-data; name="file"; filename="day.csv"', '', 'account', '--b--', ''];
    const uploaded = await api.app.inject({
      ...{ method: 'POST', url: '/v1/imports', payload: form.join('\r\n') },
      headers: { host: 'api.test', 'content-type': 'multipart/form-data; boundary=b', ...headers },
    });
    const { id } = uploaded.json<{ id: string }>();
    await api.call(`DELETE /v1/imports/${id}`, { headers });
    const by = { kind: 'key', name: expect.any(String) };
    expect(await acts()).toEqual([
      { by, act: 'PUT /v1/orders/:account/:orderNumber', thing: 'no-such-shop/4711', status: 404 },
      { by, act: 'POST /v1/imports', thing: id, status: 202 },
      { by, act: 'DELETE /v1/imports/:id', thing: id, status: 204 },
    ]);
  });

  describe('of who comes in', () => {
    let machines = 20;
    const from = async (address: string, user: string, password: string) => {
      const request = { method: 'POST', url: '/session', payload: { user, password }, remoteAddress: address } as const;
      return api.app.inject({ ...request, headers: { host: 'api.test' } });
    };

    test('has a row for each sign-in and sign-out, with the person', async () => {
      await api.db.access.addUser({ name: 'may', password: PASSWORD, role: 'viewer' });
      const { cookies } = await from('203.0.113.9', 'may', PASSWORD);
      const cookie = `${cookies[0]?.name}=${cookies[0]?.value}`;
      await api.call('DELETE /session', { headers: { cookie, origin: 'http://api.test' } });
      const by = { kind: 'person', name: 'may' };
      expect(await acts()).toEqual([
        { by, act: 'POST /session', thing: 'may', status: 204 },
        { by, act: 'DELETE /session', thing: null, status: 204 },
      ]);
    });

    test('has the person who signs out by the form, and nobody who is out already', async () => {
      const headers = await api.person('viewer');
      await written();
      const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
      await api.call('POST /sign-out', { headers: form });
      await api.call('POST /sign-out', { headers: form });
      const by = { kind: 'person', name: expect.stringMatching(/^viewer-/) };
      expect(await acts()).toEqual([{ by, act: 'POST /sign-out', thing: null, status: 303 }]);
    });

    test('has one row a minute for however many that fail under one name from one address', async () => {
      await api.db.access.addUser({ name: 'eve', password: PASSWORD, role: 'viewer' });
      const address = '203.0.113.10';
      await api.database.sql("insert into sign_in_try values (sha256('eve'), $1, 11, now() + interval '1 h')", [
        address,
      ]);
      const floods = Array.from({ length: 40 }, () => from(address, 'eve', 'a guess'));
      expect(new Set((await Promise.all(floods)).map(({ statusCode }) => statusCode))).toEqual(new Set([429]));
      const rows = await tries();
      // A minute may have ended meanwhile.
      expect([1, 2]).toContain(rows.length);
      expect(rows[0]).toEqual({ by: { kind: 'nobody', name: null }, act: 'POST /session', thing: 'eve', status: 429 });
    });

    test.each([
      ['a name that nobody has, which may be a password', 'a-guess-of-mine', 401],
      ['letters that would steer a terminal', 'a\u001b[2Jn', 401],
      ['letters that would turn it around', 'a\u202en', 401],
      ['what cannot be stored', 'nul\u0000', 422],
    ])('does not keep %s', async (_, user, status) => {
      await from(`203.0.113.${++machines}`, user, 'a guess');
      expect(await tries()).toMatchObject([{ act: 'POST /session', thing: null, status }]);
      expect(JSON.stringify(await api.database.sql('select * from audit_log'))).not.toContain(user);
    });

    test('has no more than some rows a minute of however many names and networks', async () => {
      for (let n = 0; n < 80; n += 1) {
        const act = { by: { kind: 'nobody', name: null }, address: null, act: 'POST /session', status: 503 } as const;
        await api.db.audit.addStranger({ ...act, thing: null }, `2001:db8:${n.toString(16)}:1::/64`);
        await api.db.audit.addStranger({ ...act, thing: 'eve' }, '203.0.113.77');
      }
      const rows = await acts();
      // Two minutes may have had a part in it.
      expect(rows.filter(({ thing }) => thing === null).length).toBeLessThanOrEqual(64);
      expect([1, 2]).toContain(rows.filter(({ thing }) => thing === 'eve').length);
    });

    test('is asked for nothing by who names nobody', async () => {
      await api.app.inject({ method: 'POST', url: '/session', payload: [], remoteAddress: '203.0.113.12' });
      expect(await acts()).toEqual([]);
    });
  });

  test('that cannot be written is told in the log with what is missing, and the act is answered as before', async () => {
    await api.database.sql('alter table audit_log rename to audit_log_away');
    api.logged();
    try {
      expect((await api.call('DELETE /v1/users/nobody', { headers: admin })).statusCode).toBe(404);
    } finally {
      await api.database.sql('alter table audit_log_away rename to audit_log');
    }
    const line =
      api
        .logged()
        .split('\n')
        .find((one) => one.includes('not in the audit log')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      missing: { act: 'DELETE /v1/users/:name', thing: 'nobody', status: 404 },
    });
  });

  test('is read page by page, newest first', async () => {
    for (const name of ['p1', 'p2', 'p3']) await api.call(`DELETE /v1/users/${name}`, { headers: admin });
    const first = await api.db.audit.list({ limit: 2 });
    expect(first.items.map(({ thing }) => thing)).toEqual(['p3', 'p2']);
    const second = await api.db.audit.list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items[0]?.thing).toBe('p1');
    expect((await api.db.audit.list({ limit: 100_000 })).nextCursor).toBeNull();
  });
});
