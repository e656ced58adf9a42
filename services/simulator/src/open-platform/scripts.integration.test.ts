import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../simulator.ts';
import {
  type DocumentAnswer,
  type Envelope,
  idsOf,
  type PackAnswer,
  type TestAccount,
  TestCaller,
  type TestOrder,
} from '../test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;

beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await caller.control('POST', '/control/reset', {});
  account = await caller.account();
});

const later = (seconds: number) => caller.control('POST', '/control/clock', { advanceSeconds: seconds });
const counts = () => simulator.counter.read();
const itemsOf = (order: TestOrder) => caller.items(account, order);
const firstOf = async (order: TestOrder) => (await itemsOf(order))[0];
const pack = async (...orders: TestOrder[]) =>
  (await caller.pack(account, ...orders)).map(({ order_item_list: [item] }) => item);
const packageOf = (order: TestOrder) => order.packages[0]?.packageId ?? '';

describe('statuses under other names', () => {
  test.each([
    'topack',
    'confirmed',
    'failed_delivery',
    'package_returned',
    'package_scrapped',
    'lost_by_3pl',
    'damaged_by_3pl',
    'damage_by_3pl',
    'shipped_back_success',
    'info_st_domestic_return_at_transit_hub',
    'info_st_domestic_back_to_shipper',
    'cancelled',
    'READY_TO_SHIP',
    'a status that nobody knows',
  ])('%s', async (name) => {
    const order = await caller.order(account, { script: { shows: { pending: name } } });
    expect(await firstOf(order)).toMatchObject({ status: name });
    const shown = await caller.control<TestOrder>('GET', `/control/orders/${order.orderNumber}`);
    expect(shown.items).toMatchObject([{ status: 'pending', visibleStatus: name }]);
    // What Lazada lets happen to it does not depend on the name.
    await pack(order);
    expect(await firstOf(order)).toMatchObject({ status: 'packed' });
  });

  test('an order on its way can be given one at any time', async () => {
    const order = await caller.order(account, { status: 'shipped' });
    await caller.control('PATCH', `/control/orders/${order.orderNumber}`, { shows: { shipped: 'lost_by_3pl' } });
    expect(await firstOf(order)).toMatchObject({ status: 'lost_by_3pl' });
  });

  test.each([{ shows: { teleported: 'x' } }, { shows: { pending: 7 } }])('%j is a mistake', async (script) => {
    await expect(caller.order(account, { script })).rejects.toThrow('400');
  });
});

describe('packing', () => {
  test('a tracking number that comes late', async () => {
    const order = await caller.order(account, { script: { trackingAfterSeconds: 60 } });
    expect(await pack(order)).toMatchObject([{ item_err_code: '0', tracking_number: '' }]);
    expect(await firstOf(order)).toMatchObject({ status: 'packed', tracking_code: '' });
    await later(60);
    expect((await firstOf(order))?.tracking_code).toMatch(/^SOFSG\d+$/);
  });

  test('items in packages of two', async () => {
    const order = await caller.order(account, { items: 5, script: { itemsPerPackage: 2 } });
    await pack(order);
    const packages = new Set((await itemsOf(order)).map(({ package_id }) => package_id));
    expect(packages.size).toBe(3);
  });

  test('an element that fails once, and one that the answer leaves out', async () => {
    const call = '/order/fulfill/pack';
    const busy = await caller.order(account, { script: { trouble: [{ call }] } });
    const missing = await caller.order(account, { script: { trouble: [{ call, missing: true }] } });
    const [first, ...others] = await pack(busy, missing);
    expect(first).toMatchObject({ item_err_code: '700024', retry: true });
    expect(others).toEqual([]);
    expect(await pack(busy, missing)).toMatchObject([{ item_err_code: '0' }, { item_err_code: '0' }]);
    expect(counts()).toMatchObject({ refusals: {}, askedRefusals: { scripted: 1 } });
    expect(counts().batches[call]).toEqual({ calls: 2, elements: 4, largest: 2, sizes: { 2: 2 } });
  });

  test('what was taken out of its package is packed again, under another number', async () => {
    const order = await caller.order(account, { status: 'packed' });
    await caller.control('POST', `/control/orders/${order.orderNumber}/events`, { event: 'repack' });
    expect(await firstOf(order)).toMatchObject({ status: 'repacked', package_id: '', tracking_code: '' });
    const [item] = await pack(order);
    expect(item?.tracking_number).not.toBe(order.packages[0]?.trackingNumber);
    expect(await caller.ready(account, packageOf(order))).toMatchObject([{ item_err_code: '700001' }]);
  });

  test('where the seller chooses the provider, one of his must be named', async () => {
    const chooser = await caller.account({ allocateType: 'NTFS', providers: [{ name: 'Own', code: 'OWN' }] });
    const order = await caller.order(chooser);
    const asked = (code: string) =>
      caller.post<PackAnswer>(chooser, '/order/fulfill/pack', {
        packReq: `{"pack_order_list":[{"order_id":${order.orderId},"order_item_list":${idsOf(order)}}],"delivery_type":"dropship","shipping_allocate_type":"NTFS","shipment_provider_code":"${code}"}`,
      });
    const codeOf = ({ result }: Envelope<PackAnswer>) =>
      result.data.pack_order_list[0]?.order_item_list[0]?.item_err_code;
    expect([codeOf(await asked('SOF')), codeOf(await asked('OWN'))]).toEqual(['700019', '0']);
    const providers = await caller.post(chooser, '/order/shipment/providers/get', {
      getShipmentProvidersReq: `{"orders":[{"order_id":${order.orderId},"order_item_ids":${idsOf(order)}}]}`,
    });
    expect(providers.result.data).toEqual({
      platform_default: 0,
      shipment_providers: [{ name: 'Own', provider_code: 'OWN' }],
      shipping_allocate_type: 'NTFS',
    });
  });
});

describe('delivery through the Open Platform', () => {
  test('delivered straight from ready to ship, and shown after a while', async () => {
    const order = await caller.order(account, { status: 'ready_to_ship', script: { visibleAfterSeconds: 5 } });
    const ids = [packageOf(order)];
    const answers = await caller.onPackages(account, '/order/package/sof/delivered', 'dbsDeliveryReq', ids);
    expect(answers).toMatchObject([{ package_id: ids[0], item_err_code: '0' }]);
    expect((await firstOf(order))?.status).toBe('ready_to_ship');
    await later(5);
    expect((await firstOf(order))?.status).toBe('delivered');
    expect(counts().accepted).toEqual({ delivered: 1 });
  });

  test('failed deliveries and collections', async () => {
    const [one, two] = await caller.orders(account, { count: 2, status: 'ready_to_ship' });
    if (!one || !two) throw new Error('two orders were asked for');
    await caller.onPackages(account, '/order/package/sof/failed_delivery', 'dbsFailedDeliveryReq', [packageOf(one)]);
    await caller.onPackages(account, '/order/package/sof/collect', 'dbsCollectReq', [packageOf(two)]);
    expect([(await firstOf(one))?.status, (await firstOf(two))?.status]).toEqual(['failed', 'shipped']);
  });
});

describe('the retired calls, for an account that still has them', () => {
  beforeEach(async () => {
    await caller.control('PATCH', `/control/accounts/${account.sellerId}`, { retiredCalls: true });
  });
  const rts = (order: TestOrder, given: object = {}) =>
    caller.post(account, '/order/rts', {
      delivery_type: 'dropship',
      order_item_ids: idsOf(order),
      shipment_provider: 'Seller Own',
      ...given,
    });

  test('ready to ship packs too, and may be repeated', async () => {
    const order = await caller.order(account, { items: 2 });
    expect(await rts(order, { tracking_number: 'OWN-1' })).toMatchObject({ code: '0' });
    expect(await rts(order)).toMatchObject({ code: '0' });
    expect((await itemsOf(order))[1]).toMatchObject({
      status: 'ready_to_ship',
      tracking_code: 'OWN-1',
      shipment_provider: 'Seller Own',
    });
  });

  test('all items or none', async () => {
    const order = await caller.order(account, { items: 2 });
    await caller.control('POST', `/control/orders/${order.orderNumber}/events`, {
      event: 'cancel',
      items: [order.items[0]?.orderItemId],
    });
    expect(await rts(order)).toMatchObject({ code: '73' });
    expect((await itemsOf(order)).map(({ status }) => status)).toEqual(['canceled', 'pending']);
  });

  test('pack, and delivered by items', async () => {
    const order = await caller.order(account);
    const packed = await caller.post<{ order_items: { package_id: string }[] }>(account, '/order/pack', {
      delivery_type: 'dropship',
      order_item_ids: idsOf(order),
      shipping_provider: 'Seller Own',
    });
    await caller.ready(account, packed.data.order_items[0]?.package_id ?? '');
    expect(await caller.post(account, '/order/sof/delivered', { order_item_ids: idsOf(order) })).toMatchObject({
      code: '0',
    });
    expect(await caller.post(account, '/order/sof/delivered', { order_item_ids: idsOf(order) })).toMatchObject({
      code: '1008',
    });
    expect(counts()).toMatchObject({ accepted: { delivered: 1 }, refusals: { illegal_state: 1 } });
  });
});

describe('invoices', () => {
  const document = async (script: object) => {
    const order = await caller.order(account, {
      status: 'ready_to_ship',
      items: [{ name: 'Tea <&>' }],
      script: { invoice: script },
    });
    return {
      order,
      answer: () =>
        caller.get<DocumentAnswer>(account, '/order/document/get', {
          doc_type: 'invoice',
          order_item_ids: idsOf(order),
        }),
    };
  };
  const textOf = ({ data }: Envelope<DocumentAnswer>) => Buffer.from(data.document.file, 'base64').toString();

  test.each([
    ['th', 'ใบกำกับภาษี'],
    ['vi', 'Hóa đơn giá trị gia tăng'],
    ['en', 'Tax invoice'],
  ])('as a page in the language %s, with a script that must not run', async (language, words) => {
    const answer = await (await document({ kind: 'html', language })).answer();
    expect(answer.data.document.mime_type).toBe('text/html');
    expect(textOf(answer)).toContain(words);
    expect(textOf(answer)).toContain('Tea &lt;&amp;&gt;');
    expect(textOf(answer)).toContain('SCRIPT RAN');
  });

  test('as a pointer to a PDF on this server', async () => {
    const answer = await (await document({ kind: 'iframe' })).answer();
    const link = /<iframe src="([^"]+)"/.exec(textOf(answer))?.[1] ?? '';
    const pdf = Buffer.from(await (await fetch(link)).arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(counts().links).toBe(1);
  });

  test('as a pointer to anywhere', async () => {
    const link = 'http://169.254.169.254/latest/meta-data';
    expect(textOf(await (await document({ kind: 'iframe', link })).answer())).toContain(`src="${link}"`);
  });

  test('masked', async () => {
    const text = textOf(await (await document({ kind: 'masked' })).answer());
    expect(text).toContain('****');
    expect(text).not.toContain('Tea');
  });

  test('as anything', async () => {
    const answer = await (await document({ kind: 'raw', file: 'no base64!', mime: 'application/x-odd' })).answer();
    expect(answer.data.document).toMatchObject({ file: 'no base64!', mime_type: 'application/x-odd' });
  });

  test('not before its time, which is no refusal unasked', async () => {
    const { answer } = await document({ readyAfterSeconds: 300 });
    expect(await answer()).toMatchObject({ code: '30012' });
    await later(300);
    expect(await answer()).toMatchObject({ code: '0' });
    expect(counts()).toMatchObject({ refusals: {}, askedRefusals: { document_not_ready: 1 } });
  });

  test('issued anew with other bytes', async () => {
    const { order, answer } = await document({ kind: 'pdf' });
    const first = textOf(await answer());
    await caller.control('PATCH', `/control/orders/${order.orderNumber}`, { invoice: { revision: 2 } });
    expect(textOf(await answer())).not.toBe(first);
  });

  test('a renderer with network is seen', async () => {
    await fetch(`${caller.url}/invoices/beacon.png`);
    expect(counts().beacons).toBe(1);
  });
});

describe('how answers look', () => {
  const behave = (given: object) => caller.control('POST', '/control/behaviour', given);

  test('numbers and booleans as texts, the code as a number', async () => {
    await behave({ dialect: 'text' });
    const order = await caller.order(account, { items: [{ isCancelPending: true }] });
    const answer = await caller.get(account, '/order/items/get', { order_id: order.orderId });
    expect(answer.code).toBe(0);
    expect(answer.data).toMatchObject([
      {
        order_id: order.orderId,
        is_cancel_pending: 'true',
        delivery_option_sof: '1',
        item_price: '10',
      },
    ]);
  });

  test.each([
    ['plain', /^2026-01-31 20:00:00 \+0800$/],
    ['iso', /^2026-01-31T20:00:00\+08:00$/],
    ['epoch', /^1769860800000$/],
  ])('dates in the form %s', async (dates, form) => {
    await behave({ dates });
    const order = await caller.order(account, { createdAt: '2026-01-31T12:00:00Z' });
    expect((await firstOf(order))?.created_at).toMatch(form);
  });

  test.each([
    [{}, '2026-02-02T20:00:00+08:00'],
    [{ form: 'plain', afterSeconds: 3_600 }, '2026-01-31 21:00:00 +0800'],
    [{ form: 'epoch', afterSeconds: -3_600 }, '1769857200000'],
    [{ form: 'junk' }, 'within 2 days'],
    [{ form: 'missing' }, undefined],
  ])('a deadline as %j has it', async (shipBy, written) => {
    const order = await caller.order(account, { createdAt: '2026-01-31T12:00:00Z', script: { shipBy } });
    expect((await firstOf(order))?.sla_time_stamp).toBe(written);
  });

  test('digital and foreign items say what they are', async () => {
    const order = await caller.order(account, { items: [{ isDigital: true }, { isSof: false }, {}] });
    const kinds = (await itemsOf(order)).map((item: Record<string, unknown>) => [
      item.is_digital,
      item.delivery_option_sof,
    ]);
    expect(kinds).toEqual([
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  test('a buyer who asks to cancel is shown, until he takes it back', async () => {
    const order = await caller.order(account);
    const say = (event: string) => caller.control('POST', `/control/orders/${order.orderNumber}/events`, { event });
    await say('askCancel');
    expect((await firstOf(order))?.is_cancel_pending).toBe(true);
    await say('endAskCancel');
    expect((await firstOf(order))?.is_cancel_pending).toBe(false);
  });
});

describe('listing orders', () => {
  type Listed = { count: number; countTotal: number; orders: object[] };
  const list = async (given: object) =>
    (await caller.get<Listed>(account, '/orders/get', { created_after: '2026-01-01T00:00:00+08:00', ...given })).data;
  const numbers = ({ orders }: Listed) => orders.length;

  test('a page at a time, newest last', async () => {
    await caller.orders(account, { count: 5 });
    await caller.orders(await caller.account(), { count: 2 });
    const page = await list({ limit: '2', offset: '4' });
    expect(page).toMatchObject({ count: 1, countTotal: 5 });
  });

  test('by status and by time', async () => {
    await caller.order(account, { status: 'packed', createdAt: '2026-03-01T00:00:00Z' });
    await caller.order(account, { createdAt: '2026-02-01T00:00:00Z' });
    expect(numbers(await list({ status: 'packed' }))).toBe(1);
    expect(numbers(await list({ created_before: '2026-02-02T00:00:00+08:00' }))).toBe(1);
    expect(numbers(await list({ created_after: '2026-02-02T00:00:00+08:00' }))).toBe(1);
  });
});
