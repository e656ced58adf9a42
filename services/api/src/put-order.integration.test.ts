import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import type { ApiClient, paths } from '@lazada-sof/testkit/http';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

const ORDER = '/v1/orders/{account}/{orderNumber}';
type Told = paths[typeof ORDER]['put']['requestBody']['content']['application/json'];

await describeOnRedis('an order that is put', () => {
  let api: TestApi;
  let headers: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    headers = await api.key('orders:write');
    await api.database.sql(`
      insert into account.lazada (name, country, delivery_type, sof_username, sof_password)
      values ('one', 'SG', 'sof', 'c', 'p'), ('two', 'SG', 'dropship', null, null)`);
  });
  afterAll(() => api.close());

  let made = 0;
  const next = () => `4${++made}`;
  const put = (number: string, body: Told, account = 'one') => putBy(api.client(headers), number, body, account);
  const putBy = async (client: ApiClient, number: string, body: Told, account = 'one') => {
    const path = { account, orderNumber: number };
    const { data, error, response } = await client.PUT(ORDER, { params: { path }, body });
    return { status: response.status, data, error, detail: error?.detail, headers: response.headers };
  };
  /** What no client would send. */
  const putJunk = (number: string, body: unknown) => api.call(`PUT /v1/orders/one/${number}`, { headers, body });
  /** As a caller does who is told that somebody else is writing it. */
  const putInTurn = async (number: string, body: Told) => {
    for (;;) {
      const { status } = await put(number, body);
      if (status !== 503) return status;
    }
  };
  const READY = { toolStatus: 'ready_for_delivery', updateShipping: 1 } as const;
  const stored = async (number: string) => {
    const [row] = await api.database.sql(
      `select o.tool_status, o.update_shipping, o.created_at, l.next_attempt_at <= now() as due,
              (select json_agg(json_build_array(i.order_item_id, i.sku) order by i.id) from order_items i where i.order_id = o.id) as items,
              (select json_agg(json_build_object('kind', e.kind, 'source', e.source, 'data', e.data) order by e.id)
                 from order_lazada_event e where e.order_id = o.id and e.kind <> 'held') as events
         from orders o join order_lazada l on l.order_id = o.id where o.order_number = $1`,
      [number],
    );
    return row;
  };
  const BY = expect.stringMatching(/^[0-9a-f]{12}$/);

  test('is made as the host would, due at once, without a time of its own', async () => {
    const number = next();
    const answer = await put(number, { ...READY, items: [{ orderItemId: '11', sku: 'A' }, { orderItemId: '12' }] });
    expect(answer.status).toBe(201);
    const path = { account: 'one', orderNumber: number };
    const read = await api.client(await api.key('orders:read')).GET(ORDER, { params: { path } });
    expect(answer.data).toEqual(read.data);
    expect(answer.data).toMatchObject({ account: 'one', orderNumber: number, ...READY });
    const data = { status: 'ready_to_ship', created: true, ...READY, items: ['11', '12'], by: BY };
    expect(await stored(number)).toEqual({
      ...{ tool_status: 'ready_for_delivery', update_shipping: 1, created_at: null, due: true },
      items: [
        ['11', 'A'],
        ['12', null],
      ],
      events: [{ kind: 'flag_set', source: 'api', data }],
    });
  });

  test('that is there is completed: what is named is written, and nothing else', async () => {
    const number = next();
    await api.database.sql(
      `insert into orders (account_id, order_number, tool_status, created_at, tracking_number)
       select id, $1, 'packing', '2026-03-01Z', 'TN1' from account.lazada where name = 'one'`,
      [number],
    );
    await api.database.sql(
      "insert into order_items (order_id, order_item_id, sku, tracking_number) select id, '11', 'A', 'TN1' from orders where order_number = $1",
      [number],
    );
    const answer = await put(number, { updateShipping: 1, items: [{ orderItemId: '12', sku: 'B' }] });
    expect(answer.status).toBe(200);
    expect(await stored(number)).toMatchObject({
      ...{ tool_status: 'packing', update_shipping: 1, created_at: new Date('2026-03-01Z'), due: true },
      items: [
        ['11', 'A'],
        ['12', 'B'],
      ],
      events: [{ kind: 'noted', source: 'api', data: { updateShipping: 1, items: ['12'], by: BY } }],
    });
    expect(
      await api.database.sql(
        'select o.tracking_number as o, i.tracking_number as i from orders o join order_items i on i.order_id = o.id where order_number = $1 order by i.id',
        [number],
      ),
    ).toEqual([
      { o: 'TN1', i: 'TN1' },
      { o: 'TN1', i: null },
    ]);
  });

  test('twice has one effect', async () => {
    const number = next();
    const body = { ...READY, items: [{ orderItemId: '11', sku: 'A' }] };
    expect((await put(number, body)).status).toBe(201);
    const before = await stored(number);
    expect((await put(number, body)).status).toBe(200);
    expect(await stored(number)).toEqual(before);
  });

  test('by many at once is made once, with the items of all', async () => {
    for (let round = 0; round < 5; round += 1) {
      const number = next();
      const items = ['1', '2', '3', '4', '5', '6'].map((orderItemId) => ({ orderItemId }));
      const answers = await Promise.all(
        items.map((item) => putInTurn(number, { items: [item, { orderItemId: '9' }] })),
      );
      expect(answers.sort()).toEqual([200, 200, 200, 200, 200, 201]);
      const rows = await api.database.sql(
        `select i.order_item_id as id from orders o left join order_items i on i.order_id = o.id
          where o.order_number = $1 order by 1`,
        [number],
      );
      expect(rows.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '9']);
    }
  });

  test('of an account that another fleet delivers is made, and rests', async () => {
    const number = next();
    expect((await put(number, READY, 'two')).status).toBe(201);
    expect(await stored(number)).toMatchObject({ update_shipping: 1, due: null });
  });

  test('may come from an operator who signed in, and not from one who only looks', async () => {
    const number = next();
    const by = async (who: Headers) => (await putBy(api.client(who), number, {})).status;
    expect(await by(await api.key('orders:read'))).toBe(403);
    expect(await by(await api.person('viewer'))).toBe(403);
    const { origin: _, ...foreign } = await api.person('operator');
    expect(await by(foreign)).toBe(403);
    expect(await by(await api.person('operator'))).toBe(201);
  });

  test('of an account that is not there: 404 that names it', async () => {
    const answer = await put(next(), {}, 'nobody');
    expect({ status: answer.status, detail: answer.detail }).toEqual({
      ...{
        status: 404,
        detail: 'There is no account nobody: write it as sof account list names it, capital letters too.',
      },
    });
  });

  test('while the host holds its row: 503 that says to repeat it', async () => {
    const number = next();
    await put(number, {});
    const letGo = await api.hold(`from orders where order_number = '${number}'`);
    const busy = await put(number, READY);
    expect({ status: busy.status, retryAfter: busy.headers.get('retry-after') }).toEqual({
      status: 503,
      retryAfter: '1',
    });
    await letGo();
    expect((await put(number, READY)).status).toBe(200);
  });

  describe('with mistakes: 422 names each field, and nothing is made', () => {
    const ITEM = { orderItemId: '11' };
    test.each<[what: string, body: unknown, fields: string[]]>([
      [
        'several at once',
        { updateShipping: 2, toolStatus: '', colour: 'red' },
        ['colour', 'toolStatus', 'updateShipping'],
      ],
      ['a flag as truth', { updateShipping: true }, ['updateShipping']],
      ['a flag as text', { updateShipping: '1' }, ['updateShipping']],
      ['a time that only the host may tell', { createdAt: '2026-03-01T00:00:00Z' }, ['createdAt']],
      ['an id as a number', { items: [{ orderItemId: 11 }] }, ['items.0.orderItemId']],
      ['an item without id', { items: [ITEM, { sku: 'A' }] }, ['items.1.orderItemId']],
      ['an item twice', { items: [ITEM, { ...ITEM, sku: 'A' }] }, ['items.1.orderItemId']],
      ['a field of an item that nobody knows', { items: [{ ...ITEM, price: 1 }] }, ['items.0.price']],
      ['a NUL', { items: [{ ...ITEM, sku: 'a\0' }] }, ['items.0.sku']],
      ['half a letter', { toolStatus: '\ud83d' }, ['toolStatus']],
      ['too many items', { items: Array.from({ length: 1_001 }, (_, n) => ({ orderItemId: `${n}` })) }, ['items']],
      ['a list', [ITEM], ['body']],
      ['no body', undefined, ['body']],
    ])('%s', async (_, body, fields) => {
      const number = next();
      const answer = await putJunk(number, body);
      expect(answer.statusCode).toBe(422);
      expect(
        answer
          .json()
          .errors.map(({ field }: { field: string }) => field)
          .sort(),
      ).toEqual(fields);
      expect(await stored(number)).toBeUndefined();
    });
  });

  describe('into tables of a host', () => {
    const withRule = async (add: string, remove: string, work: () => Promise<void>) => {
      await api.database.sql(add);
      await work().finally(() => api.database.sql(remove));
    };

    test('with a column that may not be empty: 409 that names it and the way out, and nothing is made', () =>
      withRule(
        "alter table order_items add column warehouse text not null default 'x'; alter table order_items alter column warehouse drop default",
        'alter table order_items drop column warehouse',
        async () => {
          const number = next();
          const answer = await put(number, { items: [{ orderItemId: '11' }] });
          expect({ status: answer.status, detail: answer.detail }).toEqual({
            status: 409,
            detail: expect.stringMatching(
              /^The table public\.order_items does not take it: its column warehouse may not be empty.*give the column a default/,
            ),
          });
          expect(await stored(number)).toBeUndefined();
        },
      ));

    test('that know only some statuses: 409 that names the rule', () =>
      withRule(
        "alter table orders add constraint known_status check (tool_status in ('ready_for_delivery')) not valid",
        'alter table orders drop constraint known_status',
        async () => {
          const answer = await put(next(), { toolStatus: 'packing' });
          expect({ status: answer.status, detail: answer.detail }).toEqual({
            ...{ status: 409, detail: expect.stringContaining('its rule known_status forbids it') },
          });
        },
      ));

    test('with shorter texts: 422 in the words of the database', () =>
      withRule(
        'alter table order_items alter column sku type varchar(3)',
        'alter table order_items alter column sku type text',
        async () => {
          const answer = await put(next(), { items: [{ orderItemId: '11', sku: 'ABCD' }] });
          expect({ status: answer.status, detail: answer.detail }).toEqual({
            ...{ status: 422, detail: expect.stringContaining('value too long for type character varying(3)') },
          });
        },
      ));

    test('with a status that may not be empty: 422 that names the field', () =>
      withRule(
        "update orders set tool_status = 'new' where tool_status is null; alter table orders alter column tool_status set not null",
        'alter table orders alter column tool_status drop not null',
        async () => {
          const number = next();
          const { status, error } = await put(number, { updateShipping: 1 });
          expect({ status, errors: error?.errors }).toEqual({
            status: 422,
            errors: [
              { field: 'toolStatus', detail: expect.stringContaining('tool_status may not be empty; write it') },
            ],
          });
          expect((await put(number, { ...READY })).status).toBe(201);
        },
      ));

    test('whose numbers are numbers: one that would lose its zeros is refused, and makes no second order', () =>
      withRule(
        'alter table orders alter column order_number type bigint using order_number::bigint',
        'alter table orders alter column order_number type text using order_number::text',
        async () => {
          const { status, error } = await put('0098', {});
          expect({ status, errors: error?.errors }).toEqual({
            status: 422,
            errors: [
              { field: 'orderNumber', detail: expect.stringContaining('keep the number as 98; write it like that') },
            ],
          });
          expect(await api.database.sql('select from orders where order_number in (98, 0098)')).toEqual([]);
        },
      ));

    test('with a trigger that refuses: 409 in its words', () =>
      withRule(
        `create function closed() returns trigger language plpgsql as $$ begin raise exception 'the warehouse is closed'; end $$;
         create trigger closed before insert on orders for each row execute function closed()`,
        'drop function closed cascade',
        async () => {
          const answer = await put(next(), {});
          expect({ status: answer.status, detail: answer.detail }).toEqual({
            ...{ status: 409, detail: expect.stringContaining('the warehouse is closed') },
          });
        },
      ));

    test('without an index that forbids a second order: many at once make one', () =>
      withRule(
        'alter table orders drop constraint orders_account_id_order_number_key; alter table order_items drop constraint order_items_order_id_order_item_id_key',
        'alter table orders add constraint orders_account_id_order_number_key unique (account_id, order_number); alter table order_items add constraint order_items_order_id_order_item_id_key unique (order_id, order_item_id)',
        async () => {
          const number = next();
          const answers = await Promise.all(
            Array.from({ length: 6 }, () => putInTurn(number, { items: [{ orderItemId: '11' }] })),
          );
          expect(answers.sort()).toEqual([200, 200, 200, 200, 200, 201]);
          expect(await api.database.sql('select from orders where order_number = $1', [number])).toHaveLength(1);
        },
      ));
  });
});
