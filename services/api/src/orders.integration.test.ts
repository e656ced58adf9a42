import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import type { ApiClient, paths } from '@lazada-sof/testkit/http';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

type Filter = NonNullable<paths['/v1/orders']['get']['parameters']['query']>;

await describeOnRedis('orders', () => {
  let api: TestApi;
  let headers: Headers;
  let client: ApiClient;
  beforeAll(async () => {
    api = await openApiForTest();
    headers = await api.key('orders:read');
    client = api.client(headers);
  });
  afterAll(() => api.close());

  const get = async (account: string, orderNumber: string) => {
    const { data } = await client.GET('/v1/orders/{account}/{orderNumber}', {
      params: { path: { account, orderNumber } },
    });
    if (!data) throw new Error(`no order ${orderNumber} of ${account}`);
    return data;
  };
  const list = async (query: Filter = {}) => {
    const { data, error } = await client.GET('/v1/orders', { params: { query } });
    if (!data) throw new Error(error.detail);
    return data;
  };
  const numbers = async (query: Filter = {}) => (await list(query)).items.map(({ orderNumber }) => orderNumber);

  const account = (name: string) =>
    api.database.sql(
      `insert into account.lazada (name, country, delivery_type, sof_username, sof_password)
       values ($1, 'SG', 'sof', 'courier', 'plain')`,
      [name],
    );
  /** `columns`: assignments to `order_lazada`. */
  const order = async (name: string, orderNumber: string, columns = 'status = status') => {
    const [row] = await api.database.sql<{ id: string }>(
      `insert into public.orders (account_id, order_number) select id, $2 from account.lazada where name = $1
       returning id::text as id`,
      [name, orderNumber],
    );
    await api.database.sql(`update public.order_lazada set ${columns} where order_id = $1`, [row?.id]);
    return row?.id ?? '';
  };
  beforeEach(() => api.database.sql('delete from account.lazada'));

  describe('the list', () => {
    beforeEach(async () => {
      await Promise.all([account('one'), account('two')]);
      await order('one', '11', "status = 'shipped', invoice_status = 'uploaded'");
      await order('one', '12', "status = 'packed', hold_reason = 'conflict', last_error = 'no', last_error_code = 'x'");
      await order('two', '21', "status = 'shipped', blocked_step = 'confirm'");
    });

    test.each<[string, Filter, string[]]>([
      ['all, newest first', {}, ['21', '12', '11']],
      ['of one account', { account: 'one' }, ['12', '11']],
      ['of one status', { status: 'shipped' }, ['21', '11']],
      ['held by one reason', { hold: 'conflict' }, ['12']],
      ['blocked at one step', { blocked: 'confirm' }, ['21']],
      ['by their invoice', { invoiceStatus: 'uploaded' }, ['11']],
      ['by several filters at once', { account: 'two', status: 'shipped' }, ['21']],
      ['of an account that is not there', { account: 'nobody' }, []],
    ])('shows orders: %s', async (_, query, expected) => {
      expect(await numbers(query)).toEqual(expected);
    });

    test('says of each order how it stands', async () => {
      expect((await list({ hold: 'conflict' })).items).toEqual([
        {
          account: 'one',
          orderNumber: '12',
          toolStatus: null,
          updateShipping: 0,
          status: 'packed',
          holdReason: 'conflict',
          blockedStep: null,
          nextAttemptAt: null,
          shipBy: null,
          invoiceStatus: 'none',
          confirmedAt: null,
          lastError: { code: 'x', message: 'no' },
        },
      ]);
    });

    test('comes in pages, each order once', async () => {
      const first = await list({ limit: 2 });
      expect(first.items).toHaveLength(2);
      const second = await list({ limit: 2, cursor: String(first.nextCursor) });
      expect(second.items.map(({ orderNumber }) => orderNumber)).toEqual(['11']);
      expect(second.nextCursor).toBeNull();
    });

    describe('of late orders', () => {
      beforeEach(async () => {
        const ago = (hours: number) => `ship_by = date_trunc('hour', now()) - interval '${hours} h'`;
        await order('two', '31', ago(5));
        await order('one', '32', `${ago(9)}, status = 'packed'`);
        await order('one', '33', ago(5));
        await order('one', '34', ago(-5));
      });

      test.each<[string, Filter, string[]]>([
        ['what is late longest first', { late: 'true' }, ['32', '31', '33']],
        ['of one account', { late: 'true', account: 'one' }, ['32', '33']],
        ['of one status', { late: 'true', status: 'new' }, ['31', '33']],
        ['late or not, newest first', { late: 'false', account: 'one' }, ['34', '33', '32', '12', '11']],
      ])('shows %s', async (_, query, expected) => {
        expect(await numbers(query)).toEqual(expected);
      });

      test('comes in pages, each order once, also where several have one deadline', async () => {
        const seen: string[] = [];
        for (let cursor: string | null = ''; cursor !== null; ) {
          const page: Awaited<ReturnType<typeof list>> = await list({
            late: 'true',
            limit: 1,
            ...(cursor && { cursor }),
          });
          seen.push(...page.items.map(({ orderNumber }) => orderNumber));
          cursor = page.nextCursor;
        }
        expect(seen).toEqual(['32', '31', '33']);
      });

      test.each([
        ['late=true&cursor=77', /list that is not of late orders/],
        ['cursor=1700000000000-77', /list of late orders: ask with late=true/],
        ['late=maybe', /write true or false/],
      ])('refuses %s', async (query, words) => {
        const answer = await api.call(`GET /v1/orders?${query}`, { headers });
        expect(answer.statusCode).toBe(422);
        expect(answer.json().detail).toMatch(words);
      });
    });

    test('puts a parked account before every other hold', async () => {
      await api.database.sql("update account.lazada set status = 'auth_failed' where name = 'one'");
      expect(await numbers({ hold: 'account_blocked' })).toEqual(['12', '11']);
      expect(await numbers({ hold: 'conflict' })).toEqual([]);
    });

    test.each([
      ['?status=lost', 'status'],
      ['?limit=0', 'limit'],
      ['?limit=many', 'limit'],
      ['?cursor=x', 'cursor'],
      ['?colour=red', 'colour'],
    ])('refuses %s by name', async (query, field) => {
      const response = await api.call(`GET /v1/orders${query}`, { headers });
      expect(response.statusCode).toBe(422);
      expect(response.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
    });
  });

  describe('one order', () => {
    test('is shown with its packages, documents and timeline', async () => {
      await account('one');
      const id = await order('one', '11');
      const at = '2026-03-01T08:00:00.000Z';
      await api.database.sql(
        `insert into public.order_lazada_package (order_id, package_id, tracking_number, state, shipped_at, shipped_sent_at)
         values ($1, 'FP1', 'LZ1', 'shipped', $2, $2)`,
        [id, at],
      );
      await api.database.sql(
        `insert into public.order_lazada_document
           (order_id, doc_type, source, source_sha256, pdf, pdf_sha256, path, uploaded_at)
         values ($1, 'invoice', '\\x00', 'a', '\\x0102030405', 'b', 'SG/2026/03/INV.pdf', $2)`,
        [id, at],
      );
      await api.database.sql(
        'update public.order_lazada set update_delivered = 1, delivered_at = $2 where order_id = $1',
        [id, '2026-03-02T08:00:00Z'],
      );

      const shown = await get('one', '11');
      expect(shown).toMatchObject({ account: 'one', orderNumber: '11', holdReason: null });
      expect(shown.packages).toEqual([
        {
          packageId: 'FP1',
          trackingNumber: 'LZ1',
          state: 'shipped',
          shippedAt: at,
          shippedSentAt: at,
          deliveredAt: null,
          deliveredSentAt: null,
          notDeliveredAt: null,
          notDeliveredSentAt: null,
          confirmedAt: null,
        },
      ]);
      expect(shown.documents).toEqual([
        {
          docType: 'invoice',
          part: 1,
          revision: 1,
          path: 'SG/2026/03/INV.pdf',
          uploadedAt: at,
          bytes: 5,
          removedAt: null,
        },
      ]);
      expect(shown.manifests).toEqual([]);
      expect(shown.timeline).toEqual([
        { at: expect.stringMatching(/Z$/), kind: 'flag_set', source: 'host', data: expect.any(Object) },
      ]);
    });

    test('explains what stops it and what to do', async () => {
      await account('one');
      await order('one', '12', "update_delivered = 1, delivered_at = '2026-03-02T08:00:00Z'");
      const { explain } = await get('one', '12');
      expect(explain[0]).toEqual({ check: 'account_blocked', ok: true, detail: expect.stringContaining('one') });
      expect(explain).toContainEqual(
        expect.objectContaining({ check: 'too_early', ok: false, fix: expect.any(String) }),
      );
    });

    test('names a disabled account first', async () => {
      await account('one');
      await order('one', '13');
      await api.database.sql("update account.lazada set enabled = false where name = 'one'");
      const shown = await get('one', '13');
      expect(shown.holdReason).toBe('account_blocked');
      expect(shown.explain[0]).toMatchObject({ check: 'account_blocked', ok: false });
    });

    test('that is not there: 404 that names it', async () => {
      await account('one');
      const params = { path: { account: 'one', orderNumber: '99' } };
      const { response, error } = await client.GET('/v1/orders/{account}/{orderNumber}', { params });
      expect(response.status).toBe(404);
      expect(error?.detail).toBe(
        'There is no order 99 of account one: check the number; an order is known here once the host system has written it.',
      );
    });
  });
});
