import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/testkit';
import { openApiForTest, type TestApi } from '../api.fixture.ts';

const APP = { appKey: '100000', appSecret: 'demo-secret-not-real-0001' };
const OTHER = { appKey: '100999', appSecret: 'demo-secret-not-real-0002' };
const PICKUP = { appKey: '100888', appSecret: 'demo-secret-not-real-0004' };
const DISABLED = { appKey: '100777', appSecret: 'demo-secret-not-real-0003' };

const sample = (name: string) => readFileSync(join(import.meta.dirname, 'samples', name));
const TRADE = sample('01-trade-order-status.json');
const signed = (body: Buffer, { appKey, appSecret } = APP) =>
  createHmac('sha256', appSecret).update(appKey).update(body).digest('hex');

let api: TestApi;
beforeAll(async () => {
  api = await openApiForTest();
  await account('demo-sg', APP);
  await account('demo-vn', APP);
  await account('demo-th', OTHER);
  await account('not-yet', { ...PICKUP, deliveryType: 'pickup' });
  await account('closed', { ...DISABLED, enabled: false });
  await order('demo-sg', '400100000214601');
  await order('demo-sg', '400100000214604');
  await order('demo-vn', '40010000021460551');
  await order('demo-vn', '40010000021460550');
  await order('demo-th', '400100000214604');
}, 30_000);
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.sql('delete from lazada_push');
  await api.database.sql('delete from order_lazada_step');
  api.logged();
});

type Other = { enabled?: boolean; deliveryType?: 'sof' | 'pickup' };
async function account(name: string, { enabled = true, deliveryType = 'sof', ...app }: typeof APP & Other) {
  await api.db.accounts.create({
    ...{ name, country: 'SG', deliveryType, sofUsername: 'courier', sofPassword: 'not-a-real-password' },
    ...app,
    enabled,
  });
}
async function order(shop: string, orderNumber: string): Promise<void> {
  await api.database.sql(
    `insert into orders (account_id, order_number, tool_status, update_shipping)
     select id, $2, 'ready_for_delivery', 1 from account.lazada where name = $1`,
    [shop, orderNumber],
  );
}

const push = (body: Buffer, authorization: string | undefined = signed(body)) =>
  api.app.inject({
    method: 'POST',
    url: '/webhooks/lazada',
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    payload: body,
  });

/** A host's long transaction on every order; it ends when it is told to. */
async function holdRows(): Promise<() => Promise<unknown>> {
  const { sql } = api.database;
  const holding = sql(`do $$ begin
    perform from order_lazada for update;
    while not exists (select from import_file where file_name = 'let go') loop perform pg_sleep(0.01); end loop;
  end $$`);
  const isHeld = async () => (await sql('select from order_lazada limit 1 for update skip locked')).length === 0;
  await until(isHeld, { what: 'the rows are held', withinMs: 20_000 });
  return async () => {
    await sql("insert into import_file (file_name, sha256, bytes, source) values ('let go', '', 0, 'test')");
    await holding;
  };
}

/** Which orders are to be looked at again at once. */
const woken = async () =>
  (
    await api.database.sql<{ told: string }>(
      `select a.name || '/' || o.order_number as told
         from order_lazada_step s join orders o on o.id = s.order_id join account.lazada a on a.id = o.account_id
        where s.step = 'look' and s.due_at <= now() order by 1`,
    )
  ).map(({ told }) => told);
const counts = async () => (await api.metrics.getSingleMetric('sof_push_messages_total')?.get())?.values ?? [];
const counted = async (type: string, outcome: string) =>
  (await counts()).find(({ labels }) => labels.type === type && labels.outcome === outcome)?.value ?? 0;
const total = async () => (await counts()).reduce((sum, { value }) => sum + value, 0);

/** Pushes what is signed rightly, and waits for its effect, which may come behind the answer. */
async function heeded(body: Buffer): Promise<number> {
  const before = await total();
  const { statusCode } = await push(body);
  await until(async () => (await total()) > before, { what: 'the message is counted', withinMs: 20_000 });
  return statusCode;
}

describe('what Lazada pushes', () => {
  test.each<[file: string, type: string, woken: string[]]>([
    ['01-trade-order-status.json', '0', ['demo-sg/400100000214601']],
    ['02-trade-order-bare-numbers.json', '0', ['demo-vn/40010000021460551']],
    ['03-package-status.json', '14', ['demo-sg/400100000214604']],
    ['05-unknown-message-type.json', '35', []],
    ['06-fields-missing.json', '0', []],
    ['07-test-message-of-the-console.json', '0', []],
  ])('%s is answered 200, counted, and only its order is looked at again', async (file, type, orders) => {
    const outcome = orders.length > 0 ? 'heeded' : 'nothing_to_do';
    const before = await counted(type, outcome);
    expect(await heeded(sample(file))).toBe(200);
    expect(await woken()).toEqual(orders);
    expect(await counted(type, outcome)).toBe(before + 1);
  });

  test('that tokens end warns of every account of that app, once, and parks none', async () => {
    const body = sample('04-token-ends.json');
    expect([await heeded(body), await heeded(body)]).toEqual([200, 200]);
    const warnings = api
      .logged()
      .split('\n')
      .filter((line) => line.includes('end within 48 hours'))
      .map((line) => JSON.parse(line).account);
    expect(warnings).toEqual(['demo-sg', 'demo-vn']);
    expect(await api.database.sql("select from account.lazada where status <> 'active'")).toEqual([]);
  });

  test('twice is looked at once, and again as soon as it says something else', async () => {
    await heeded(TRADE);
    await api.database.sql('delete from order_lazada_step');
    await heeded(TRADE);
    expect(await woken()).toEqual([]);
    await heeded(Buffer.from(TRADE.toString().replace('shipped', 'delivered')));
    expect(await woken()).toEqual(['demo-sg/400100000214601']);
  });

  test('is remembered for seven hours', async () => {
    await heeded(TRADE);
    const [row] = await api.database.sql<{ hours: number }>(
      'select round(extract(epoch from until - now()) / 3600)::int as hours from lazada_push',
    );
    expect(row).toEqual({ hours: 7 });
    await api.database.sql("update lazada_push set until = now() - interval '1 s'");
    await api.database.sql('delete from order_lazada_step');
    await heeded(TRADE);
    expect(await woken()).toEqual(['demo-sg/400100000214601']);
  });

  test('of an order that nobody has asked for is no reason to read it', async () => {
    await api.database.sql(
      `insert into orders (account_id, order_number) select id, '400100000299999' from account.lazada where name = 'demo-sg'`,
    );
    expect(
      (await push(Buffer.from(TRADE.toString().replaceAll('400100000214601', '400100000299999')))).statusCode,
    ).toBe(200);
    expect(await woken()).toEqual([]);
  });

  test('is answered while somebody holds the order’s rows, and has its effect when they are free', async () => {
    const letGo = await holdRows();
    expect((await push(TRADE)).statusCode).toBe(200);
    await letGo();
    const told = () => woken().then((orders) => orders.length > 0 && orders);
    expect(await until(told, { what: 'the order is woken', withinMs: 20_000 })).toEqual(['demo-sg/400100000214601']);
  });
});

describe('is let in', () => {
  test.each<[who: string, authorization: () => string, status: number]>([
    ['with the hex in capitals', () => signed(TRADE).toUpperCase(), 200],
    ['with another enabled app’s secret', () => signed(TRADE, OTHER), 200],
    ['with the app of an enabled account that is not (yet) the seller’s own fleet', () => signed(TRADE, PICKUP), 200],
    ['not without a signature', () => '', 401],
    ['not with a disabled account’s app', () => signed(TRADE, DISABLED), 401],
    ['not with a made-up one', () => 'f'.repeat(64), 401],
    ['not with one over the body alone', () => signed(TRADE, { ...APP, appKey: '' }), 401],
    ['not with an API key', () => 'Bearer sof_nonsense', 401],
  ])('%s', async (_, authorization, status) => {
    expect((await push(TRADE, authorization())).statusCode).toBe(status);
  });

  test('not when one byte differs', async () => {
    const body = Buffer.from(TRADE);
    body[body.length - 2] = 0x20;
    expect((await push(body, signed(TRADE))).statusCode).toBe(401);
    expect(await woken()).toEqual([]);
  });

  test.each([
    ['no JSON', Buffer.from([0xff, 0x00, 0x7b])],
    ['empty', Buffer.alloc(0)],
    ['a depth of 10,000', Buffer.from('['.repeat(10_000))],
  ])('with a right signature over %s, which is forgotten', async (_, body) => {
    expect((await push(body)).statusCode).toBe(200);
  });

  test('not what is too large', async () => {
    const body = Buffer.alloc(20_000, ' ');
    expect((await push(body)).statusCode).toBe(413);
  });
});
