import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from './simulator.ts';
import { type DocumentAnswer, type TestAccount, TestCaller } from './test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;

beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await caller.control('POST', '/control/reset', { seed: 7 });
  account = await caller.account();
});

test('an order goes from pending to delivered, and nothing is refused', async () => {
  const order = await caller.order(account, { items: 2 });
  const [packed] = await caller.pack(account, order);
  const [item] = packed?.order_item_list ?? [];
  expect(item?.item_err_code).toBe('0');
  const [ready] = await caller.ready(account, item?.package_id ?? '');
  expect(ready?.item_err_code).toBe('0');
  const token = await caller.login(account);
  expect((await caller.report(token, item?.tracking_number ?? '', 'shipped')).status).toBe(202);
  expect((await caller.report(token, item?.tracking_number ?? '', 'delivered')).status).toBe(202);
  const { data } = await caller.get(account, '/orders/items/get', { order_ids: `[${order.orderId}]` });
  expect(data).toMatchObject([{ order_items: [{ status: 'delivered' }, { status: 'delivered' }] }]);
  expect(simulator.counter.read()).toMatchObject({
    refusals: {},
    duplicates: 0,
    accepted: { shipped: 1, delivered: 1 },
  });
});

test('order and item ids are bare digits with more of them than a double holds', async () => {
  const order = await caller.order(account);
  const query = new URLSearchParams(caller.signed(account, '/order/items/get', { order_id: order.orderId }));
  const text = await (await fetch(`${caller.url}/rest/order/items/get?${query}`)).text();
  expect(text).toContain(`"order_id":${order.orderId},`);
  expect(String(Number(order.items[0]?.orderItemId))).not.toBe(order.items[0]?.orderItemId);
});

test('the invoice is a PDF, the same bytes each time', async () => {
  const order = await caller.order(account, { status: 'ready_to_ship' });
  const ask = { doc_type: 'invoice', order_item_ids: `[${order.items[0]?.orderItemId}]` };
  const first = await caller.get<DocumentAnswer>(account, '/order/document/get', ask);
  const second = await caller.get<DocumentAnswer>(account, '/order/document/get', ask);
  const { mime_type, file } = first.data.document;
  expect(mime_type).toBe('application/pdf');
  expect(Buffer.from(file, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  expect(second.data.document.file).toBe(file);
});
