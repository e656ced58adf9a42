import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import type { ApiClient, paths } from '@lazada-sof/testkit/http';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

const STATUS = '/v1/orders/{account}/{orderNumber}/status';
type Told = paths[typeof STATUS]['post']['requestBody']['content']['application/json'];

await describeOnRedis('an update over HTTP', () => {
  let api: TestApi;
  let headers: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    headers = await api.key('orders:write');
    await api.database.sql(
      "insert into account.lazada (name, country, delivery_type, sof_username, sof_password) values ('one', 'SG', 'sof', 'c', 'p'), ('shop & co/2', 'SG', 'sof', 'c', 'p')",
    );
  });
  afterAll(() => api.close());

  let made = 0;
  const order = async (account = 'one', orderNumber = `4${++made}`) => {
    const [row] = await api.database.sql<{ id: string }>(
      `insert into public.orders (account_id, order_number) select id, $2 from account.lazada where name = $1
       returning id::text as id`,
      [account, orderNumber],
    );
    return { number: orderNumber, orderId: row?.id ?? '' };
  };
  const parcel = (orderId: string, state: string, sentAt: string | null = null) =>
    api.database.sql(
      `insert into public.order_lazada_package (order_id, package_id, tracking_number, state, delivered_at, delivered_sent_at)
       values ($1, 'FP1', 'TN1', $2, $3, $3)`,
      [orderId, state, sentAt],
    );
  const post = (number: string, body: Told, account = 'one') => postBy(api.client(headers), number, body, account);
  const postBy = async (client: ApiClient, number: string, body: Told, account = 'one') => {
    const path = { account, orderNumber: number };
    const { data, error, response } = await client.POST(STATUS, { params: { path }, body });
    return { status: response.status, data, error, headers: response.headers };
  };
  /** What no client would send. */
  const postJunk = (number: string, body: unknown) =>
    api.call(`POST /v1/orders/one/${number}/status`, { headers, body });
  const read = async (account: string, orderNumber: string) => {
    const reader = api.client(await api.key('orders:read'));
    return (await reader.GET('/v1/orders/{account}/{orderNumber}', { params: { path: { account, orderNumber } } }))
      .data;
  };
  const AT = '2026-03-02T04:00:00.000Z';
  const events = (orderId: string) =>
    api.database.sql(
      "select id::text as id, kind, source, data from order_lazada_event where order_id = $1 and kind <> 'held'",
      [orderId],
    );

  test('is written with who said it, and answered with where to look', async () => {
    const { number, orderId } = await order();
    const answer = await post(number, { status: 'delivered', occurredAt: '2026-03-02T12:00:00+08:00' });
    const [event] = await events(orderId);
    expect({ status: answer.status, data: answer.data }).toEqual({
      status: 202,
      data: { updateId: event?.id, order: `/v1/orders/one/${number}` },
    });
    expect(event).toMatchObject({
      ...{ kind: 'flag_set', source: 'api' },
      data: { status: 'delivered', at: AT, by: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    expect(await read('one', number)).toMatchObject({ orderNumber: number, holdReason: 'too_early' });
  });

  test('of an account and an order with strange names tells a path that can be followed', async () => {
    const { number } = await order('shop & co/2', 'A/1 ä?');
    const { data } = await post(number, { status: 'delivered' }, 'shop & co/2');
    const reader = await api.key('orders:read');
    const shown = (await api.call(`GET ${data?.order}`, { headers: reader })).json();
    expect(shown).toMatchObject({ account: 'shop & co/2', orderNumber: number });
    expect(shown).toEqual(await read('shop & co/2', number));
  });

  test('may come from a person who signed in, under that name, and not from one who only looks', async () => {
    const { number, orderId } = await order();
    const by = async (who: Headers) => (await postBy(api.client(who), number, { status: 'delivered' })).status;
    expect(await by(await api.person('operator'))).toBe(202);
    expect(await events(orderId)).toMatchObject([{ data: { by: expect.stringMatching(/^operator-/) } }]);
    for (const forbidden of [await api.person('clerk'), await api.key('orders:read', 'imports:write')])
      expect(await by(forbidden)).toBe(403);
    expect(await by({})).toBe(401);
  });

  test('that withdraws tells what was sent before', async () => {
    const { number, orderId } = await order();
    await parcel(orderId, 'delivered', AT);
    await api.database.sql(
      "update order_lazada set update_not_delivered = 1, not_delivered_at = '2026-03-03Z' where order_id = $1",
      [orderId],
    );
    expect((await post(number, { status: 'withdraw' })).data).toEqual({
      updateId: expect.stringMatching(/^\d+$/),
      order: `/v1/orders/one/${number}`,
      sent: [{ packageId: 'FP1', status: 'delivered', sentAt: AT }],
    });
  });

  test.each<[what: string, body: Told & { status: string }, words: RegExp]>([
    ['says another end', { status: 'not_delivered' }, /FP1 is already delivered/],
    [
      'says another time',
      { status: 'delivered', occurredAt: '2026-03-01T00:00:00Z' },
      /accepted delivered with 2026-03-02/,
    ],
    ['withdraws it', { status: 'withdraw' }, /nothing is left to take back/],
  ])('that %s than was accepted: 409 with what was', async (_, body, words) => {
    const { number, orderId } = await order();
    await parcel(orderId, 'delivered', AT);
    const answer = await post(number, { ...body, ...(body.status !== 'withdraw' && { packageId: 'FP1' }) });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect({ status: answer.status, error: answer.error }).toEqual({
      status: 409,
      error: {
        ...{ type: 'about:blank', title: 'Conflict', status: 409, requestId: expect.any(String) },
        detail: expect.stringMatching(words),
        errors: [{ field: 'status', value: body.status, detail: expect.stringMatching(words) }],
        sent: [{ packageId: 'FP1', status: 'delivered', sentAt: AT }],
      },
    });
  });

  test.each([
    [
      'account',
      { account: 'nobody', orderNumber: '1' },
      'There is no account nobody: write it as sof account list names it, capital letters too.',
    ],
    [
      'order',
      { account: 'one', orderNumber: '99' },
      'There is no order 99 of account one: check the number; an order is known here once the host system has written it.',
    ],
  ])('of an %s that is not there: 404 that names it', async (_, { account, orderNumber }, detail) => {
    const answer = await post(orderNumber, { status: 'delivered' }, account);
    expect({ status: answer.status, detail: answer.error?.detail }).toEqual({ status: 404, detail });
  });

  describe('with mistakes: 422 names each field', () => {
    test.each<[what: string, body: unknown, fields: string[]]>([
      [
        'several at once',
        { status: 'deliverd', occurredAt: 'yesterday', wieght: 3, carrier: '' },
        ['carrier', 'occurredAt', 'status', 'wieght'],
      ],
      ['account and number, which stand in the path', { account: 'one', orderNumber: '1' }, ['account', 'orderNumber']],
      ['the version of a job', { v: 1, status: 'delivered' }, ['v']],
      ['nothing said', {}, ['status']],
      ['a package that is not there', { status: 'delivered', packageId: 'FP9' }, ['packageId']],
      ['an id as a number', { status: 'delivered', packageId: 12 }, ['packageId']],
      ['a list', [], ['body']],
      ['no body', undefined, ['body']],
    ])('%s', async (_, body, fields) => {
      const { number } = await order();
      const answer = await postJunk(number, body);
      expect(answer.statusCode).toBe(422);
      expect(
        answer
          .json()
          .errors.map(({ field }: { field: string }) => field)
          .sort(),
      ).toEqual(fields);
    });

    test('an id as a number that JSON cannot hold says how to write it', async () => {
      const { number } = await order();
      const answer = await api.app.inject({
        ...{ method: 'POST', url: `/v1/orders/one/${number}/status` },
        headers: { ...headers, 'content-type': 'application/json' },
        payload: '{"status":"delivered","packageId":14001000002146831234}',
      });
      expect(answer.json().errors).toEqual([expect.objectContaining({ detail: 'write it as text, in quotes' })]);
    });
  });

  describe('with what no database holds is a problem of the caller', () => {
    const NUL = ['a NUL', '\\u0000'] as const;
    const HALF = ['half a letter', '\\ud83d'] as const;
    test.each([NUL, HALF])('%s in the body', async (_, letter) => {
      const { number } = await order();
      for (const field of ['packageId', 'trackingNumber', 'carrier', 'reason', 'requestId', 'status', 'occurredAt']) {
        const answer = await api.app.inject({
          ...{ method: 'POST', url: `/v1/orders/one/${number}/status` },
          headers: { ...headers, 'content-type': 'application/json' },
          payload: `{"status":"delivered","${field}":"x${letter}"}`,
        });
        expect({ field, status: answer.statusCode }).toEqual({ field, status: 422 });
      }
    });

    test.each(['%00', 'a%00b', '%ED%A0%BD', '%FF', '%'])('%s in the path', async (part) => {
      for (const [method, url] of [
        ['POST', `/v1/orders/one/${part}/status`],
        ['POST', `/v1/orders/${part}/1/status`],
        ['PUT', `/v1/orders/one/${part}`],
        ['PUT', `/v1/orders/${part}/1`],
        ['GET', `/v1/orders/one/${part}`],
      ] as const) {
        const answer = await api.call(`${method} ${url}`, {
          headers: await api.key('admin'),
          ...(method !== 'GET' && { body: { status: 'delivered' } }),
        });
        expect({ method, url, status: answer.statusCode, type: answer.headers['content-type'] }).toEqual({
          ...{ method, url, status: expect.any(Number) },
          type: expect.stringContaining('application/problem+json'),
        });
        expect(answer.statusCode).toBeGreaterThanOrEqual(400);
        expect(answer.statusCode).toBeLessThan(500);
      }
    });

    test('a NUL in the query', async () => {
      const answer = await api.call('GET /v1/orders?account=a%00b', { headers: await api.key('orders:read') });
      expect({ status: answer.statusCode, errors: answer.json().errors }).toEqual({
        ...{ status: 422, errors: [expect.objectContaining({ field: 'account' })] },
      });
    });

    test('a NUL in a header', async () => {
      const url = new URL(await api.app.listen({ port: 0, host: '127.0.0.1' }));
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(url.port), url.hostname, () =>
          socket.write('POST /v1/orders/one/1/status HTTP/1.1\r\nhost: api\r\nidempotency-key: a\0b\r\n\r\n'),
        );
        let read = '';
        socket.on('data', (data) => {
          read += data;
        });
        socket.on('end', () => resolve(read));
        socket.on('error', reject);
      });
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('application/problem+json');
    });
  });

  test('while the host holds the order’s row: 503 that says to repeat it, and nothing has changed', async () => {
    const { number, orderId } = await order();
    const letGo = await api.hold(`from order_lazada where order_id = ${orderId}`);
    const busy = await post(number, { status: 'delivered' });
    expect({ status: busy.status, retryAfter: busy.headers.get('retry-after') }).toEqual({
      status: 503,
      retryAfter: '1',
    });
    expect(busy.error?.detail).toContain('send this again');
    await letGo();
    expect(await events(orderId)).toEqual([]);
    expect((await post(number, { status: 'delivered' })).status).toBe(202);
  });

  test('is described with its header and its refusals', async () => {
    const { paths } = (await api.call('GET /openapi.json')).json();
    const { post: operation } = paths['/v1/orders/{account}/{orderNumber}/status'];
    expect(operation.parameters).toContainEqual(
      expect.objectContaining({
        ...{ in: 'header', name: 'idempotency-key', required: false },
        description: expect.stringContaining('24 hours'),
      }),
    );
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(['202', '404', '409', '422', '503', 'default']),
    );
    expect(operation.responses[503].headers).toHaveProperty('Retry-After');
    expect(operation.responses[409].content).toHaveProperty('application/problem+json');
  });
});
