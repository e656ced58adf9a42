import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type JobResult, runWorker } from '@lazada-sof/queue';
import { describeOnRedis } from '@lazada-sof/testkit';
import type { ApiClient, paths } from '@lazada-sof/testkit/http';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

const SECRETS = {
  appSecret: 'canary-app-secret',
  accessToken: 'canary-access-token',
  refreshToken: 'canary-refresh-token',
  sofPassword: 'canary-sof-password',
};
type Written = paths['/v1/accounts']['post']['requestBody']['content']['application/json'];
const ACCOUNT = {
  country: 'TH',
  appKey: '123456',
  deliveryType: 'sof',
  sofUsername: 'courier',
  ...SECRETS,
} as const satisfies Partial<Written>;

await describeOnRedis('accounts', () => {
  let api: TestApi;
  let headers: Headers;
  let client: ApiClient;
  beforeAll(async () => {
    api = await openApiForTest({ waitWithinMs: 1_500 });
    headers = await api.key('accounts:write');
    client = api.client(headers);
  });
  afterAll(() => api.close());

  const write = (name: string, more: Partial<Written> = {}) =>
    client.POST('/v1/accounts', { body: { ...ACCOUNT, name, ...more } });
  const find = (name: string) => client.GET('/v1/accounts/{name}', { params: { path: { name } } });
  /** As no client would: whatever stands in it. */
  const create = (name: string, more: object = {}) =>
    api.call('POST /v1/accounts', { headers, body: { ...ACCOUNT, name, ...more } });
  const change = (name: string, body: object) => api.call(`PATCH /v1/accounts/${name}`, { headers, body });

  test('a secret blacks out no field and no route of the log', async () => {
    await create('shop-dark', { sofPassword: 'requestId', appSecret: 'DELETE /v1/users/', accessToken: 'status' });
    api.logged();
    await api.call('DELETE /v1/users/ann', { headers });
    const line = JSON.parse(api.logged().trim().split('\n').at(-1) ?? '{}');
    expect(line).toMatchObject({ message: 'DELETE /v1/users/ann', status: 403, route: '/v1/users/:name' });
    expect(line.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  test('what was created comes back, and is listed and found by its name', async () => {
    const { response, data: created } = await write('shop-1', {
      timezone: 'Asia/Bangkok',
      accessTokenExpiresAt: '2026-05-01T08:00:00+08:00',
    });
    expect(response.status).toBe(201);
    expect(created).toMatchObject({
      name: 'shop-1',
      country: 'TH',
      timezone: 'Asia/Bangkok',
      appKey: '123456',
      accessTokenExpiresAt: '2026-05-01T00:00:00.000Z',
      deliveryType: 'sof',
      sofUsername: 'courier',
      sofDriver: 'sofp',
      sofRts: 'package',
      autoSendNotDelivered: false,
      enabled: true,
      status: 'active',
      statusReason: null,
    });
    expect((await find('shop-1')).data).toEqual(created);
    const listed = await client.GET('/v1/accounts');
    expect(listed.data).toEqual({ items: expect.arrayContaining([created]), nextCursor: null });
  });

  test('secrets never come back, only whether and when they were set', async () => {
    const created = await create('shop-2');
    const changed = await change('shop-2', { sofPassword: 'canary-new-password' });
    const listed = await api.call('GET /v1/accounts', { headers });
    for (const { body } of [created, changed, listed]) expect(body).not.toContain('canary');
    const { appSecret, refreshToken } = changed.json();
    expect(appSecret).toEqual({ set: true, setAt: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(refreshToken.set).toBe(true);
    expect(api.logged()).not.toContain('canary');
  });

  test('secrets lie encrypted in the database', async () => {
    await create('shop-3');
    const [row] = await api.database.sql("select to_jsonb(a) as stored from account.lazada a where name = 'shop-3'");
    expect(JSON.stringify(row)).toContain('enc:');
    expect(JSON.stringify(row)).not.toContain('canary');
  });

  test('a change leaves alone what it does not name, and null empties a field', async () => {
    await write('shop-4', { shipmentProvider: 'Own Fleet' });
    const changed = await client.PATCH('/v1/accounts/{name}', {
      params: { path: { name: 'shop-4' } },
      body: { autoSendNotDelivered: true, shipmentProvider: null },
    });
    expect(changed.data).toMatchObject({ autoSendNotDelivered: true, shipmentProvider: null, appKey: '123456' });
  });

  test('a name that is taken: 409 with the way out', async () => {
    await write('shop-5');
    const { response, error } = await write('shop-5');
    expect(response.status).toBe(409);
    expect(error?.detail).toContain('PATCH /v1/accounts/shop-5');
  });

  test.each([
    ['GET', '/v1/accounts/nobody', undefined],
    ['PATCH', '/v1/accounts/nobody', { enabled: false }],
    ['POST', '/v1/accounts/nobody/test', undefined],
  ])('%s %s: 404 that names the account', async (method, url, body) => {
    const response = await api.call(`${method} ${url}`, { headers, body });
    expect(response.statusCode).toBe(404);
    expect(response.json().detail).toContain('nobody');
  });

  describe('refused with 422 that names the field', () => {
    test.each<[string, object, string]>([
      ['sof without a password', { sofPassword: undefined }, 'sofPassword'],
      ['sof without a user name', { sofUsername: undefined }, 'sofUsername'],
      ['a country that Lazada is not in', { country: 'FR' }, 'country'],
      ['a time zone that is none', { timezone: 'Mars/Olympus' }, 'timezone'],
      ['a delivery type that is none', { deliveryType: 'drone' }, 'deliveryType'],
      ['a path where two orders would meet', { invoicePathTemplate: 'all.pdf' }, 'invoicePathTemplate'],
      ['a time without an offset', { accessTokenExpiresAt: '2026-05-01 08:00' }, 'accessTokenExpiresAt'],
      ['a field that nobody knows', { sofPasword: 'x' }, 'sofPasword'],
      ['a status, which is not for people to write', { status: 'active' }, 'status'],
    ])('%s', async (_, more, field) => {
      const response = await create('shop-6', more);
      expect(response.statusCode).toBe(422);
      expect(response.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
      expect(response.body).not.toContain('canary');
    });

    test('taking the password away from an account that needs it', async () => {
      await create('shop-7');
      const response = await change('shop-7', { sofPassword: null });
      expect(response.statusCode).toBe(422);
      expect(response.json().errors).toEqual([{ field: 'sofPassword', detail: expect.stringContaining('set both') }]);
    });

    test('making an account sof that has no sign-in', async () => {
      await create('shop-8', { deliveryType: 'dropship', sofUsername: undefined, sofPassword: undefined });
      expect((await change('shop-8', { deliveryType: 'sof' })).statusCode).toBe(422);
      expect((await change('shop-8', { deliveryType: 'sof', sofDriver: 'dbs' })).statusCode).toBe(200);
    });

    test('making an account sof that the host gave no country', async () => {
      await api.database.sql("insert into account.lazada (name, delivery_type) values ('shop-10', 'dropship')");
      const secrets = { sofUsername: 'courier', sofPassword: 'canary-sof-password' };
      const response = await change('shop-10', { deliveryType: 'sof', ...secrets });
      expect(response.statusCode).toBe(422);
      expect(response.json().errors).toEqual([{ field: 'country', detail: expect.stringContaining('SG, MY') }]);
      expect((await change('shop-10', { deliveryType: 'sof', ...secrets, country: 'PH' })).statusCode).toBe(200);
    });

    test('the value that cannot be used is shown, where it is no secret', async () => {
      const response = await create('shop-9', { country: 'FR', sofPassword: '' });
      expect(response.json().errors).toEqual([
        { field: 'country', value: 'FR', detail: 'write one of SG, MY, TH, VN, PH, ID' },
        { field: 'sofPassword', detail: expect.any(String) },
      ]);
    });
  });

  describe('an account test', () => {
    const workerThat = (answer: () => Promise<JobResult>) =>
      runWorker({
        queue: 'status-sync',
        url: api.queue.url,
        prefix: api.queue.prefix,
        concurrency: 1,
        log: api.log,
        handlers: { 'check-account': answer, 'seal-account': async () => 'done', 'sync-status': async () => 'done' },
      });
    const tested = () => client.POST('/v1/accounts/{name}/test', { params: { path: { name: 'shop-t' } } });
    beforeAll(async () => void (await write('shop-t')));

    test('goes on in the background where it takes too long: 202', async () => {
      const { response, data } = await tested();
      expect(response.status).toBe(202);
      expect(data).toMatchObject({ detail: expect.stringContaining('GET /v1/accounts/shop-t') });
    });

    test('answers what the worker found', async () => {
      const found = {
        ok: false,
        checks: [{ check: 'sof_login', ok: false, detail: 'refused', fix: 'set sofPassword' }],
      };
      const worker = await workerThat(async () => ({ outcome: 'done', answer: found }));
      const { response, data } = await tested();
      await worker.close();
      expect(response.status).toBe(200);
      expect(data).toEqual(found);
    });

    test('says so where the job ended without a result', async () => {
      const worker = await workerThat(async () => 'superseded');
      const { data } = await tested();
      await worker.close();
      expect(data).toMatchObject({
        ok: false,
        checks: [{ ok: false, detail: expect.stringContaining('without') }],
      });
    });
  });
});
