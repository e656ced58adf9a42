import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from './simulator.ts';
import { type TestAccount, TestCaller } from './test-caller.ts';

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
  const ids = order.items.map(({ orderItemId }) => orderItemId).join(',');
  const packed = await caller.post(account, '/order/fulfill/pack', {
    packReq: `{"pack_order_list":[{"order_id":${order.orderId},"order_item_list":[${ids}]}],"delivery_type":"dropship","shipping_allocate_type":"TFS"}`,
  });
  const [item] = packed.result.data.pack_order_list[0].order_item_list;
  expect(item.item_err_code).toBe('0');
  const ready = await caller.post(account, '/order/package/rts', {
    readyToShipReq: JSON.stringify({ packages: [{ package_id: item.package_id }] }),
  });
  expect(ready.result.data.packages).toEqual([expect.objectContaining({ item_err_code: '0' })]);
  const token = await caller.login(account);
  expect((await caller.report(token, item.tracking_number, 'shipped')).status).toBe(202);
  expect((await caller.report(token, item.tracking_number, 'delivered')).status).toBe(202);
  const items = await caller.get(account, '/orders/items/get', { order_ids: `[${order.orderId}]` });
  expect(items.data[0].order_items.map(({ status }: { status: string }) => status)).toEqual(['delivered', 'delivered']);
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
  const [first, second] = [
    await caller.get(account, '/order/document/get', ask),
    await caller.get(account, '/order/document/get', ask),
  ];
  const { mime_type, file } = first?.data.document ?? {};
  expect(mime_type).toBe('application/pdf');
  expect(Buffer.from(file, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  expect(second?.data.document.file).toBe(file);
});
