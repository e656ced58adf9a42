import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { type ApiClient, apiClient, type paths } from '@lazada-sof/testkit/http';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

const URL_OF_IT = '/v1/orders/one/11/invoice.pdf';
type Wanted = NonNullable<paths['/v1/orders/{account}/{orderNumber}/invoice.pdf']['get']['parameters']['query']>;

await describeOnRedis("an order's invoice", () => {
  let api: TestApi;
  let headers: Headers;
  let client: ApiClient;
  let orderId: string | undefined;
  beforeAll(async () => {
    api = await openApiForTest();
    headers = await api.key('orders:read');
    client = api.client(headers);
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    await api.database.sql('delete from account.lazada');
    await api.database.sql(
      `insert into account.lazada (name, country, delivery_type, sof_username, sof_password)
       values ('one', 'SG', 'sof', 'courier', 'plain')`,
    );
    const [row] = await api.database.sql<{ id: string }>(
      `insert into public.orders (account_id, order_number) select id, '11' from account.lazada returning id::text as id`,
    );
    orderId = row?.id;
  });

  /** Its bytes are its name; `path` null: it is no PDF. */
  const document = (part: number, revision: number, path: string | null = `SG/2026/03/P${part}R${revision}.pdf`) =>
    api.database.sql(
      `insert into public.order_lazada_document
         (order_id, doc_type, part, revision, source, source_sha256, pdf, pdf_sha256, path)
       values ($1, 'invoice', $2, $3, '\\x00', 'a', convert_to($4, 'utf8'), encode(sha256(convert_to($4, 'utf8')), 'hex'), $5)`,
      [orderId, part, revision, path === null ? null : `%PDF ${part}.${revision}`, path],
    );
  const fetched = async (query: Wanted = {}, orderNumber = '11') => {
    const params = { path: { account: 'one', orderNumber }, query };
    const { data, error, response } = await client.GET('/v1/orders/{account}/{orderNumber}/invoice.pdf', {
      params,
      parseAs: 'text',
    });
    return { data, words: error?.detail, status: response.status, headers: response.headers };
  };

  describe('comes as a file', () => {
    beforeEach(async () => {
      await document(1, 1);
      await document(1, 2);
      await document(2, 1);
    });

    test.each<[string, Wanted, string]>([
      ['the newest of the first part', {}, '%PDF 1.2'],
      ['a revision', { revision: 1 }, '%PDF 1.1'],
      ['a part', { part: 2 }, '%PDF 2.1'],
      ['both', { part: 1, revision: 2 }, '%PDF 1.2'],
    ])('%s', async (_, query, bytes) => expect((await fetched(query)).data).toBe(bytes));

    test('with the headers that a browser and a cache need', async () => {
      const { headers } = await fetched({ part: 2 });
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': 'attachment; filename="P2R1.pdf"',
        'content-length': '8',
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
        etag: expect.stringMatching(/^"[0-9a-f]{64}"$/),
      });
    });

    test('and says that it is a part, and which is next', async () => {
      expect((await fetched()).headers.get('link')).toBe(`<${URL_OF_IT}?part=2>; rel="next"`);
      expect((await fetched({ part: 2 })).headers.get('link')).toBeNull();
    });

    test('once: who has it already gets 304 without it, until there is another', async () => {
      const etag = String((await fetched()).headers.get('etag'));
      const again = () => api.call(`GET ${URL_OF_IT}`, { headers: { ...headers, 'if-none-match': etag } });
      const known = await again();
      expect([known.statusCode, known.body, known.headers.etag]).toEqual([304, '', etag]);
      await document(1, 3);
      const newer = await again();
      expect([newer.statusCode, newer.body]).toEqual([200, '%PDF 1.3']);
    });

    test('to HEAD with all of its headers and no byte', async () => {
      const [got, told] = await Promise.all(
        ['GET', 'HEAD'].map((method) => api.call(`${method} ${URL_OF_IT}`, { headers })),
      );
      const of = (answer: typeof got) => {
        const {
          date: _,
          'x-request-id': _id,
          'x-ratelimit-remaining': _left,
          connection: _open,
          ...rest
        } = answer?.headers ?? {};
        return rest;
      };
      expect(told?.body).toBe('');
      expect(of(told)).toEqual(of(got));
    });
  });

  test('one that was removed is gone, in words, and an older one that is there comes', async () => {
    await document(1, 1);
    await document(1, 2);
    await api.database.sql(
      "update order_lazada_document set source = null, pdf = null, pdf_bytes = 8, removed_at = '2027-03-02T04:00:00Z' where revision = 2",
    );
    const { status, words } = await fetched();
    expect({ status, words }).toEqual({
      status: 410,
      words: expect.stringContaining('revision 2 of the invoice of order 11 of account one was removed on 2027-03-02'),
    });
    expect((await fetched({ revision: 1 })).data).toBe('%PDF 1.1');
    const order = (await api.call('GET /v1/orders/one/11', { headers })).json();
    expect(order.documents).toMatchObject([
      { revision: 1, bytes: 8, removedAt: null },
      { revision: 2, bytes: 8, removedAt: '2027-03-02T04:00:00.000Z' },
    ]);
  });

  test('with whatever a template put into its name cannot leave the header', async () => {
    await document(1, 1, 'SG/ใบ"\r\nx-evil: 1.pdf');
    const { headers, status } = await fetched();
    expect(status).toBe(200);
    expect(headers.get('x-evil')).toBeNull();
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="_____x-evil_ 1.pdf"; filename*=UTF-8''%E0%B9%83%E0%B8%9A%22%0D%0Ax-evil%3A%201.pdf`,
    );
  });

  test('of a megabyte comes whole', async () => {
    await document(1, 1);
    await api.database.sql(
      "update public.order_lazada_document set pdf = convert_to(repeat('0123456789', 100000), 'utf8')",
    );
    expect((await fetched()).data).toBe('0123456789'.repeat(100_000));
  });

  test('comes over a connection, which HEAD leaves open for the next request', async () => {
    await document(1, 1);
    const server = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const head = await fetch(server + URL_OF_IT, { method: 'HEAD', headers });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '8', '']);
    const params = { path: { account: 'one', orderNumber: '11' } };
    const path = '/v1/orders/{account}/{orderNumber}/invoice.pdf';
    const { data } = await apiClient(server, { headers }).GET(path, { params, parseAs: 'text' });
    expect(data).toBe('%PDF 1.1');
  });

  describe('that is not there: 404 in words', () => {
    test.each<[string, Wanted, string, RegExp]>([
      ['no such order', {}, '99', /There is no order 99 of account one/],
      ['no such part', { part: 7 }, '11', /has no part 7; there are parts 1, 2\. GET \/v1\/orders\/one\/11 tells more/],
      ['no such revision', { revision: 9 }, '11', /has no revision 9 of part 1; there are revisions 1, 2/],
      ['one that is no PDF', { part: 2 }, '11', /Part 2, revision 1 .* is no PDF, .*given up: no letter for U\+E000/],
    ])('%s', async (_, query, orderNumber, words) => {
      await document(1, 1);
      await document(1, 2);
      await document(2, 1, null);
      await api.database.sql(
        `insert into public.order_lazada_step (order_id, step, blocked, error_code, error)
         values ($1, 'invoice_fetch', true, 'render_failed', 'no letter for U+E000')`,
        [orderId],
      );
      const refused = await fetched(query, orderNumber);
      expect(refused.status).toBe(404);
      expect(refused.words).toMatch(words);
    });

    test('none yet: with how far it is', async () => {
      await api.database.sql("update public.order_lazada set invoice_status = 'waiting' where order_id = $1", [
        orderId,
      ]);
      expect((await fetched()).words).toContain(
        'There is no invoice of order 11 of account one yet (invoiceStatus waiting)',
      );
    });
  });

  test.each(['part=0', 'part=1.5', 'revision=-1', 'revision=new', 'part=1&part=2', 'page=1'])(
    '%s is refused by name',
    async (query) => {
      const response = await api.call(`GET ${URL_OF_IT}?${query}`, { headers });
      expect(response.statusCode).toBe(422);
      expect(response.json().errors[0].field).toBe(query.split('=')[0]);
    },
  );
});
