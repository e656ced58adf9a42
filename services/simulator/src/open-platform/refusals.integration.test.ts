import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RefusalReason } from '../server/refusal.ts';
import { type Simulator, startSimulator } from '../simulator.ts';
import { type Envelope, type PackAnswer, type TestAccount, TestCaller, type TestOrder } from '../test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;
let other: TestAccount;
let order: TestOrder;
let ready: TestOrder;

beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
  account = await caller.account();
  other = await caller.account();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await caller.control('POST', '/control/reset', { only: 'counts' });
  order = await caller.order(account, { items: 2 });
  ready = await caller.order(account, { status: 'ready_to_ship' });
});

/** One request that Lazada would refuse, the code with which it does, and the reason under which it is counted. */
type Row = [sentence: string, ask: () => Promise<Envelope>, code: string, reason: RefusalReason];

async function expectRefusals(ask: () => Promise<Envelope>, code: string, reason: RefusalReason) {
  expect(await ask()).toMatchObject({ code });
  expect(simulator.counter.read().refusals).toEqual({ [reason]: 1 });
}

const GET_ITEMS = '/order/items/get';
const url = (path: string, query: object = {}) =>
  `${caller.url}/rest${path}?${new URLSearchParams(query as Record<string, string>)}`;
const json = async (request: Promise<Response>) => (await (await request).json()) as Envelope;
const spoiltGet = (spoilt: Record<string, string | null>) =>
  json(fetch(url(GET_ITEMS, caller.signed(account, GET_ITEMS, { order_id: order.orderId }, spoilt))));

describe('who calls', () => {
  test.each<Row>([
    ['a wrong signature', () => spoiltGet({ sign: 'A'.repeat(64) }), 'IncompleteSignature', 'wrong_signature'],
    ['a parameter changed after signing', () => spoiltGet({ order_id: '1' }), 'IncompleteSignature', 'wrong_signature'],
    ['no signature', () => spoiltGet({ sign: null }), 'MissingParameter', 'missing_parameter'],
    ['an app that is not known', () => spoiltGet({ app_key: '1' }), 'InvalidAppKey', 'unknown_app'],
    [
      'an access token that is not known',
      () => caller.get({ ...account, accessToken: 'x' }, GET_ITEMS, { order_id: '1' }),
      'IllegalAccessToken',
      'unknown_token',
    ],
    [
      'the access token of another app',
      () => caller.get({ ...account, accessToken: other.accessToken }, GET_ITEMS, { order_id: '1' }),
      'IllegalAccessToken',
      'unknown_token',
    ],
    ['a timestamp two hours and a bit old', () => aged(-7_201_000), 'IllegalTimestamp', 'timestamp_off'],
    ['a timestamp two hours and a bit early', () => aged(7_201_000), 'IllegalTimestamp', 'timestamp_off'],
    [
      'a timestamp in seconds',
      () => caller.get(account, GET_ITEMS, { order_id: '1', timestamp: '1795508555' }),
      'IllegalTimestamp',
      'timestamp_off',
    ],
    ['a path that is none', () => caller.get(account, '/order/nothing'), 'InvalidApiPath', 'unknown_path'],
  ])('refuses %s', (_sentence, ask, code, reason) => expectRefusals(ask, code, reason));

  const aged = (ms: number) =>
    caller.get(account, GET_ITEMS, { order_id: order.orderId, timestamp: String(Date.now() + ms) });

  test('a timestamp just inside two hours is good', async () => {
    expect(await aged(-7_190_000)).toMatchObject({ code: '0' });
  });
});

describe('the form of a request', () => {
  const RTS = '/order/package/rts';
  const request = () => ({ readyToShipReq: JSON.stringify({ packages: [{ package_id: order.orderId }] }) });
  const post = (query: object, body: string | URLSearchParams, type?: string) =>
    json(fetch(url(RTS, query), { method: 'POST', body, ...(type ? { headers: { 'content-type': type } } : {}) }));

  test.each<Row>([
    [
      'POST parameters in the query',
      () => post(caller.signed(account, RTS, request()), new URLSearchParams()),
      'MissingParameter',
      'wrong_body_form',
    ],
    [
      'a JSON body',
      () => post({}, JSON.stringify(caller.signed(account, RTS, request())), 'application/json'),
      'MissingParameter',
      'wrong_body_form',
    ],
    [
      'a POST where a GET is wanted',
      () => caller.post(account, GET_ITEMS, { order_id: order.orderId }),
      'UnsupportedHttpMethod',
      'wrong_method',
    ],
    [
      'a GET where a POST is wanted',
      () => caller.get(account, RTS, request()),
      'UnsupportedHttpMethod',
      'wrong_method',
    ],
    [
      'a parameter that is not known',
      () => caller.get(account, GET_ITEMS, { order_id: order.orderId, limit: '1' }),
      '6',
      'unknown_parameter',
    ],
    ['an empty parameter', () => caller.get(account, GET_ITEMS, { order_id: '' }), '6', 'empty_parameter'],
    ['a parameter left out', () => caller.get(account, GET_ITEMS), 'MissingParameter', 'missing_parameter'],
    [
      'an unknown field inside a JSON parameter',
      () => caller.post(account, RTS, { readyToShipReq: '{"packages":[{"package_id":"FP1","x":1}]}' }),
      '6',
      'unknown_parameter',
    ],
    ['a JSON parameter that is none', () => caller.post(account, RTS, { readyToShipReq: '{' }), '6', 'bad_parameter'],
  ])('refuses %s', (_sentence, ask, code, reason) => expectRefusals(ask, code, reason));

  test("the gateway's split is good: system parameters in the query, the call's own in the form", async () => {
    const { readyToShipReq, ...system } = caller.signed(account, RTS, request());
    expect(await post(system, new URLSearchParams({ readyToShipReq: readyToShipReq ?? '' }))).toMatchObject({
      code: '0',
    });
  });
});

describe('ids and batches', () => {
  const packReq = (orders: string) =>
    caller.post<PackAnswer>(account, '/order/fulfill/pack', {
      packReq: `{"pack_order_list":[${orders}],"delivery_type":"dropship","shipping_allocate_type":"TFS"}`,
    });
  const one = (orderId: string, item: string) => `{"order_id":${orderId},"order_item_list":[${item}]}`;
  const items = () => order.items.map(({ orderItemId }) => orderItemId).join(',');
  const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  test.each<Row>([
    [
      'an order id in quotes',
      () => caller.get(account, '/orders/items/get', { order_ids: `["${order.orderId}"]` }),
      '56',
      'id_not_bare',
    ],
    ['an order id in quotes inside packReq', () => packReq(one(`"${order.orderId}"`, items())), '6', 'id_not_bare'],
    [
      'an item id in quotes inside packReq',
      () => packReq(one(order.orderId, `"${items().split(',')[0]}"`)),
      '6',
      'id_not_bare',
    ],
    ['an id with letters', () => caller.get(account, GET_ITEMS, { order_id: '12a' }), '16', 'id_not_bare'],
    [
      'an id in exponential form',
      () => caller.get(account, '/orders/items/get', { order_ids: '[4.001e+16]' }),
      '56',
      'id_not_bare',
    ],
    [
      'an id that is there twice',
      () => caller.get(account, '/orders/items/get', { order_ids: `[${order.orderId},${order.orderId}]` }),
      '56',
      'bad_parameter',
    ],
    [
      '51 orders to read',
      () => caller.get(account, '/orders/items/get', { order_ids: JSON.stringify(many(51)) }),
      '38',
      'batch_too_large',
    ],
    [
      '21 orders to pack',
      () =>
        packReq(
          many(21)
            .map((id) => one(String(id), '1'))
            .join(','),
        ),
      '6',
      'batch_too_large',
    ],
    [
      '21 packages',
      () =>
        caller.post(account, '/order/package/rts', {
          readyToShipReq: JSON.stringify({ packages: many(21).map((id) => ({ package_id: `FP${id}` })) }),
        }),
      '6',
      'batch_too_large',
    ],
    [
      '101 items of a document',
      () =>
        caller.get(account, '/order/document/get', { doc_type: 'invoice', order_item_ids: JSON.stringify(many(101)) }),
      '20',
      'batch_too_large',
    ],
    [
      'an order of another seller',
      () => caller.get(other, GET_ITEMS, { order_id: order.orderId }),
      '16',
      'unknown_order',
    ],
    [
      'a list with an order that does not exist',
      () => caller.get(account, '/orders/items/get', { order_ids: `[${order.orderId},1]` }),
      '37',
      'unknown_order',
    ],
    [
      'an invoice before the order is packed',
      () => caller.get(account, '/order/document/get', { doc_type: 'invoice', order_item_ids: `[${items()}]` }),
      '34',
      'document_not_packed',
    ],
    [
      'a label',
      () =>
        caller.get(account, '/order/document/get', {
          doc_type: 'shippingLabel',
          order_item_ids: `[${ready.items[0]?.orderItemId}]`,
        }),
      '50008',
      'not_sof',
    ],
    [
      'the retired ready-to-ship call',
      () =>
        caller.post(account, '/order/rts', {
          delivery_type: 'dropship',
          order_item_ids: `[${items()}]`,
          shipment_provider: 'Seller Own Fleet',
        }),
      'InvalidApiPath',
      'not_available',
    ],
    [
      'a list of orders without a beginning',
      () => caller.get(account, '/orders/get', { limit: '10' }),
      '75',
      'missing_parameter',
    ],
    [
      'a page of more than 100',
      () => caller.get(account, '/orders/get', { created_after: '2026-01-01T00:00:00+08:00', limit: '101' }),
      '19',
      'batch_too_large',
    ],
  ])('refuses %s', (_sentence, ask, code, reason) => expectRefusals(ask, code, reason));

  type Element = [sentence: string, ask: () => Promise<unknown>, element: object, reason: RefusalReason];
  const packed = async (asked: Promise<Envelope<PackAnswer>>) => {
    const [first] = (await asked).result.data.pack_order_list;
    return first?.order_item_list[0];
  };
  const rts = async (id: string) => (await caller.ready(account, id))[0];
  const dbs = async ({ packages: [parcel] }: TestOrder) => {
    const ids = [parcel?.packageId ?? ''];
    return (await caller.onPackages(account, '/order/package/sof/delivered', 'dbsDeliveryReq', ids))[0];
  };

  test.each<Element>([
    [
      'packing what is packed',
      () => packed(packReq(one(ready.orderId, ready.items[0]?.orderItemId ?? ''))),
      { item_err_code: '700000', package_id: '' },
      'already_packed',
    ],
    [
      'an item that is not of the order',
      () => packed(packReq(one(order.orderId, ready.items[0]?.orderItemId ?? ''))),
      { item_err_code: '700001' },
      'unknown_item',
    ],
    ['a package that does not exist', () => rts('FP1'), { item_err_code: '700001' }, 'unknown_package'],
    [
      'a second ready to ship',
      () => rts(ready.packages[0]?.packageId ?? ''),
      { item_err_code: '700031' },
      'already_ready',
    ],
    [
      'a provider named where Lazada chooses it',
      () =>
        packed(
          caller.post(account, '/order/fulfill/pack', {
            packReq: `{"pack_order_list":[${one(order.orderId, items().split(',')[0] ?? '')}],"delivery_type":"dropship","shipping_allocate_type":"TFS","shipment_provider_code":"SOF"}`,
          }),
        ),
      { item_err_code: '700019' },
      'bad_parameter',
    ],
    [
      'a package whose items are cancelled',
      async () => {
        await caller.control('POST', `/control/orders/${ready.orderNumber}/events`, { event: 'cancel' });
        return dbs(ready);
      },
      { item_err_code: '600002' },
      'illegal_state',
    ],
    [
      'a second end',
      async () => {
        await dbs(ready);
        return dbs(ready);
      },
      { item_err_code: '700031' },
      'illegal_state',
    ],
    [
      'a delivery of what the seller does not deliver',
      async () => dbs(await caller.order(account, { status: 'ready_to_ship', items: [{ isSof: false }] })),
      { item_err_code: '700009' },
      'not_sof',
    ],
  ])('refuses %s for that element alone', async (_sentence, ask, element, reason) => {
    expect(await ask()).toMatchObject(element);
    expect(simulator.counter.read().refusals).toEqual({ [reason]: 1 });
  });
});

describe('tokens', () => {
  const refresh = (refreshToken: string) =>
    caller.post(account, '/auth/token/refresh', { refresh_token: refreshToken });
  const create = (code: string) => caller.post(account, '/auth/token/create', { code });
  const code = async () =>
    (await caller.control<{ code: string }>('POST', `/control/accounts/${account.sellerId}/codes`)).code;

  test('a code gives tokens once', async () => {
    const given = await code();
    const tokens = await create(given);
    expect(tokens).toMatchObject({ code: '0', country_user_info: [{ seller_id: account.sellerId }] });
    expect(await create(given)).toMatchObject({ code: 'InvalidCode' });
    expect(simulator.counter.read().refusals).toEqual({ code_used_twice: 1 });
  });

  test('a refresh token gives new tokens once', async () => {
    const first = await create(await code());
    const second = await refresh(String(first.refresh_token));
    expect(second).toMatchObject({ code: '0', expires_in: 2_592_000, country_user_info_list: [{ country: 'sg' }] });
    expect(await refresh(String(first.refresh_token))).toMatchObject({ code: 'IllegalRefreshToken' });
    expect(simulator.counter.read().refusals).toEqual({ refresh_token_used_twice: 1 });
  });

  test('a token that is over is refused, and counted as unasked', async () => {
    const brief = await caller.account({ lifetimes: { accessSeconds: 60, refreshSeconds: 90 } });
    const own = await caller.order(brief);
    await caller.control('POST', '/control/clock', { advanceSeconds: 61 });
    expect(await caller.get(brief, GET_ITEMS, { order_id: own.orderId })).toMatchObject({ code: 'IllegalAccessToken' });
    await caller.control('POST', '/control/clock', { advanceSeconds: 30 });
    expect(await caller.post(brief, '/auth/token/refresh', { refresh_token: brief.refreshToken })).toMatchObject({
      code: 'IllegalRefreshToken',
    });
    expect(simulator.counter.read().refusals).toEqual({ expired_token: 1, expired_refresh_token: 1 });
  });

  test('a token that a control call ended is refused, and counted as asked', async () => {
    const ended = await caller.account();
    await caller.control('POST', `/control/accounts/${ended.sellerId}/expire`, { tokens: ['access'] });
    expect(await caller.get(ended, GET_ITEMS, { order_id: '1' })).toMatchObject({ code: 'IllegalAccessToken' });
    expect(simulator.counter.read()).toMatchObject({ refusals: {}, askedRefusals: { expired_token: 1 } });
  });
});
