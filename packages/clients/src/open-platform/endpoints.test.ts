import { describe, expect, test } from '@jest/globals';
import { NotAnIdError } from '../http/json.ts';
import { getDocument } from './document.ts';
import { orderReadyToShip } from './legacy-ready-to-ship.ts';
import { failing, mswPlatform, SHOP } from './msw-platform.fixture.ts';
import { createTokens, refreshTokens } from './oauth.ts';
import { getMultipleOrderItems, getOrderItems } from './order-items.ts';
import { probeOrders } from './orders.ts';
import { pack } from './pack.ts';
import { packageReadyToShip, sofDelivered, sofFailedDelivery } from './packages.ts';
import { getShipmentProviders } from './shipment-providers.ts';

const { platform, asked, answer } = mswPlatform();
const REST = SHOP.restUrl;
const ORDER = '260422899198627123';

const ITEM = {
  order_item_id: 260422899198627124n.toString(),
  order_id: ORDER,
  status: 'ready_to_ship',
  package_id: 'FP0123',
  tracking_code: 'LZ1',
  shipment_provider: 'Seller Own Fleet',
  shipping_provider_type: 'seller_own_fleet',
  delivery_option_sof: 1,
  is_digital: 0,
  need_cancel_confirm: false,
  is_cancel_pending: 'true',
  updated_at: '2024-05-01 10:00:00 +0800',
  sla_time_stamp: '2024-05-03T23:59:59+08:00',
};
/** A success that lacks what it should hold, in every form in which that can be written. */
const EMPTY: object[] = [
  { code: '0' },
  { code: '0', data: null },
  { code: '0', data: {} },
  { code: '0', data: '' },
  { code: '0', result: null },
  { code: '0', result: { success: true } },
  { code: '0', result: { success: 'true', data: null } },
];
/** As PHP writes an object without fields. */
const EMPTY_LIST = { code: '0', result: { success: true, data: [] } };

const READ = {
  orderItemId: '260422899198627124',
  status: 'ready_to_ship',
  packageId: 'FP0123',
  trackingCode: 'LZ1',
  shipmentProvider: 'Seller Own Fleet',
  shippingProviderType: 'seller_own_fleet',
  deliveryOptionSof: true,
  isDigital: false,
  needCancelConfirm: false,
  isCancelPending: true,
  updatedAt: new Date('2024-05-01T02:00:00Z'),
  slaTimeStamp: new Date('2024-05-03T15:59:59Z'),
};

describe('GetOrderItems', () => {
  test('asks for one order and reads its units', async () => {
    answer({ code: '0', data: [ITEM] });
    expect(await getOrderItems(platform, SHOP, ORDER)).toEqual([READ]);
    expect(asked[0]).toMatchObject({ method: 'GET', path: `${REST}/order/items/get`, query: { order_id: ORDER } });
  });

  test('what is left out, null or empty is null', async () => {
    answer({ code: '0', data: [{ order_item_id: 7, package_id: '', tracking_code: null, updated_at: 'soon' }] });
    expect(await getOrderItems(platform, SHOP, ORDER)).toEqual([
      {
        ...READ,
        orderItemId: '7',
        status: '',
        packageId: null,
        trackingCode: null,
        shipmentProvider: null,
        shippingProviderType: null,
        deliveryOptionSof: false,
        isCancelPending: false,
        updatedAt: null,
        slaTimeStamp: null,
      },
    ]);
  });

  test.each([
    ['an offset', '2024-05-03T23:59:59+07:00', '2024-05-03T16:59:59.000Z'],
    ['a space and an offset', '2024-05-03 23:59:59 +0800', '2024-05-03T15:59:59.000Z'],
    ['the milliseconds of an epoch as text', '1714751999000', '2024-05-03T15:59:59.000Z'],
    ['the milliseconds of an epoch', 1_714_751_999_000, '2024-05-03T15:59:59.000Z'],
    ['no offset, which would be a guess', '2024-05-03 23:59:59', undefined],
    ['nothing', '', undefined],
    ['null', null, undefined],
    ['words', 'within 2 days', undefined],
    ['an object', { time: 1 }, undefined],
    ['a list', [], undefined],
  ])('a deadline with %s', async (_sentence, sla_time_stamp, expected) => {
    answer({ code: '0', data: [{ ...ITEM, sla_time_stamp }] });
    const [item] = await getOrderItems(platform, SHOP, ORDER);
    expect(item?.slaTimeStamp?.toISOString()).toBe(expected);
    expect(item?.orderItemId).toBe(READ.orderItemId);
  });

  test.each([
    ['spaces', '  shipped ', 'shipped'],
    ['characters that steer a terminal', 'ship\u001b[31mped\u0000\n', 'ship[31mped'],
    ['a page', 'x'.repeat(1_000_000), 'x'.repeat(64)],
  ])('a status with %s is a short name', async (_sentence, status, expected) => {
    answer({ code: '0', data: [{ ...ITEM, status }] });
    expect(await getOrderItems(platform, SHOP, ORDER)).toEqual([{ ...READ, status: expected }]);
  });

  test('an empty list says that the order has no items', async () => {
    answer({ code: '0', data: [] });
    expect(await getOrderItems(platform, SHOP, ORDER)).toEqual([]);
  });

  test.each(EMPTY)('%j does not say that the order has no items', async (body) => {
    answer(body);
    expect(await failing(getOrderItems(platform, SHOP, ORDER))).toMatchObject({ name: 'EmptyAnswerError' });
  });

  test('an item without an id is an unexpected answer', async () => {
    answer({ code: '0', data: [{ status: 'pending' }] });
    expect((await failing(getOrderItems(platform, SHOP, ORDER))).name).toBe('UnexpectedAnswerError');
  });
});

describe('GetMultipleOrderItems', () => {
  const ask = () => getMultipleOrderItems(platform, SHOP, [ORDER, '12']);

  test.each(EMPTY)('%j says nothing of any order', async (body) => {
    answer(body);
    expect(await failing(ask())).toMatchObject({ name: 'EmptyAnswerError' });
  });

  test('an empty list leaves every order out', async () => {
    answer({ code: '0', data: [] });
    expect(await ask()).toEqual(new Map());
  });

  test.each([{ order_id: 12 }, { order_id: 12, order_items: null }])('%j leaves that order out', async (order) => {
    answer(`{"code":"0","data":[{"order_id":${ORDER},"order_items":[]},${JSON.stringify(order)}]}`);
    expect(await ask()).toEqual(new Map([[ORDER, []]]));
  });
});

test('GetMultipleOrderItems sends its ids as bare digits and answers by order', async () => {
  answer(`{"code":"0","data":[{"order_id":${ORDER},"order_number":${ORDER},"order_items":[${JSON.stringify(ITEM)}]}]}`);
  const found = await getMultipleOrderItems(platform, SHOP, [ORDER, '12']);
  expect(found).toEqual(new Map([[ORDER, [READ]]]));
  expect(asked[0]).toMatchObject({
    method: 'GET',
    path: `${REST}/orders/items/get`,
    query: { order_ids: `[${ORDER},12]` },
  });
});

describe('GetOrders', () => {
  const ask = () => probeOrders(platform, SHOP, new Date('2024-05-01T10:11:12.345Z'));

  test.each([{ data: { count: 1, orders: [{ order_id: 1 }] } }, { data: { count: 0, orders: [] } }, {}])(
    'asks for one order from a time on; a yes that says %j is a yes',
    async (content) => {
      answer({ code: '0', ...content });
      await ask();
      expect(asked[0]).toMatchObject({
        method: 'GET',
        path: `${REST}/orders/get`,
        query: { created_after: '2024-05-01T10:11:12+00:00', limit: '1' },
      });
    },
  );

  test('a refusal is one', async () => {
    answer({ code: 'AppWhiteIpLimit', message: 'not from here' });
    expect(await failing(ask())).toMatchObject({ code: 'AppWhiteIpLimit' });
  });
});

describe('Pack', () => {
  const orders = [{ orderId: ORDER, orderItemIds: ['1', '2'] }];

  test('TFS names no provider; each element has its own outcome', async () => {
    answer({
      code: '0',
      result: {
        success: true,
        data: {
          pack_order_list: [
            {
              order_id: ORDER,
              order_item_list: [
                {
                  order_item_id: 1,
                  item_err_code: '0',
                  msg: 'success',
                  tracking_number: 'LZ1',
                  shipment_provider: 'SOF',
                  package_id: 'FP1',
                  retry: false,
                },
                { order_item_id: 2, item_err_code: 700023, msg: 'no', retry: 'true' },
                { order_item_id: 3 },
              ],
            },
          ],
        },
      },
    });
    expect(await pack(platform, SHOP, orders, { allocateType: 'TFS' })).toEqual([
      {
        orderId: ORDER,
        items: [
          {
            orderItemId: '1',
            packageId: 'FP1',
            trackingNumber: 'LZ1',
            shipmentProvider: 'SOF',
            outcome: { code: '0', message: 'success', retry: false },
          },
          {
            orderItemId: '2',
            packageId: null,
            trackingNumber: null,
            shipmentProvider: null,
            outcome: { code: '700023', message: 'no', retry: true },
          },
          {
            orderItemId: '3',
            packageId: null,
            trackingNumber: null,
            shipmentProvider: null,
            outcome: { code: '', message: '', retry: false },
          },
        ],
      },
    ]);
    expect(asked[0]).toMatchObject({ method: 'POST', path: `${REST}/order/fulfill/pack` });
    expect(asked[0]?.form.packReq).toBe(
      `{"pack_order_list":[{"order_id":${ORDER},"order_item_list":[1,2]}],"delivery_type":"dropship","shipping_allocate_type":"TFS"}`,
    );
  });

  test.each([...EMPTY, EMPTY_LIST])('%j says nothing of any order', async (body) => {
    answer(body);
    expect(await failing(pack(platform, SHOP, orders, { allocateType: 'TFS' }))).toMatchObject({
      name: 'EmptyAnswerError',
      delivery: 'unknown',
    });
  });

  test('NTFS names the provider by its code', async () => {
    answer({ code: '0', result: { success: true, data: { pack_order_list: [] } } });
    await pack(platform, SHOP, orders, { allocateType: 'NTFS', providerCode: 'P9' });
    expect(JSON.parse(asked[0]?.form.packReq ?? '')).toMatchObject({
      shipping_allocate_type: 'NTFS',
      shipment_provider_code: 'P9',
    });
  });
});

describe.each([
  ['package ready to ship', packageReadyToShip, '/order/package/rts', 'readyToShipReq'],
  ['delivered by the seller', sofDelivered, '/order/package/sof/delivered', 'dbsDeliveryReq'],
  ['delivery failed', sofFailedDelivery, '/order/package/sof/failed_delivery', 'dbsFailedDeliveryReq'],
] as const)('%s', (_name, call, path, parameter) => {
  test('names packages and answers one outcome for each that Lazada names', async () => {
    answer({
      code: '0',
      result: {
        success: true,
        data: {
          packages: [
            { package_id: 'FP1', item_err_code: '0', msg: '', retry: false },
            { package_id: 'FP2', item_err_code: '600002', msg: 'cancelled' },
          ],
        },
      },
      request_id: 'r5',
    });
    expect(await call(platform, SHOP, ['FP1', 'FP2', 'FP3'])).toEqual({
      outcomes: new Map([
        ['FP1', { code: '0', message: '', retry: false }],
        ['FP2', { code: '600002', message: 'cancelled', retry: false }],
      ]),
      requestId: 'r5',
    });
    expect(asked[0]).toMatchObject({ method: 'POST', path: `${REST}${path}` });
    expect(asked[0]?.form[parameter]).toBe(
      '{"packages":[{"package_id":"FP1"},{"package_id":"FP2"},{"package_id":"FP3"}]}',
    );
  });
});

test.each([
  ['package ready to ship', () => packageReadyToShip(platform, SHOP, ['FP1'])],
  ['delivered by the seller', () => sofDelivered(platform, SHOP, ['FP1'])],
  ['delivery failed', () => sofFailedDelivery(platform, SHOP, ['FP1'])],
  [
    'the retired ready to ship',
    () => orderReadyToShip(platform, SHOP, { orderItemIds: ['1'], shipmentProvider: 'Own' }),
  ],
  ['GetShipmentProvider', () => getShipmentProviders(platform, SHOP, [{ orderId: ORDER, orderItemIds: ['1'] }])],
])('%s: a success without data leaves open what became of it', async (_name, call) => {
  for (const body of [...EMPTY, EMPTY_LIST]) {
    answer(body);
    expect(await failing(call())).toMatchObject({ name: 'EmptyAnswerError', delivery: 'unknown' });
  }
});

test('the retired ready to ship names items and provider, and answers the items taken', async () => {
  answer({ code: '0', data: { order_items: [{ order_item_id: 1, purchase_order_id: '' }] } });
  const request = { orderItemIds: ['1', '2'], shipmentProvider: 'Seller Own Fleet' };
  expect(await orderReadyToShip(platform, SHOP, request)).toEqual(['1']);
  expect(asked[0]).toMatchObject({
    method: 'POST',
    path: `${REST}/order/rts`,
    form: { delivery_type: 'dropship', order_item_ids: '[1,2]', shipment_provider: 'Seller Own Fleet' },
  });
  expect(Object.keys(asked[0]?.form ?? {})).not.toContain('tracking_number');
});

test('GetShipmentProvider asks for orders and answers who may choose, and whom', async () => {
  answer({
    code: '0',
    result: {
      success: true,
      data: {
        platform_default: 1,
        shipping_allocate_type: 'NTFS',
        shipment_providers: [{ name: 'Seller Own', provider_code: 'P1' }],
      },
    },
  });
  expect(await getShipmentProviders(platform, SHOP, [{ orderId: ORDER, orderItemIds: ['1'] }])).toEqual({
    allocateType: 'NTFS',
    providers: [{ name: 'Seller Own', code: 'P1' }],
  });
  expect(asked[0]).toMatchObject({ method: 'GET', path: `${REST}/order/shipment/providers/get` });
  expect(asked[0]?.query.getShipmentProvidersReq).toBe(`{"orders":[{"order_id":${ORDER},"order_item_ids":[1]}]}`);
});

describe('GetDocument', () => {
  const ask = () => getDocument(platform, SHOP, { type: 'invoice', orderItemIds: ['1', '2'] });
  const document = (file: unknown) => ({
    code: '0',
    data: { document: { document_type: 'invoice', mime_type: 'application/pdf', file } },
  });

  test('names the items and answers the bytes', async () => {
    answer(document(Buffer.from('%PDF-1.7 …').toString('base64')));
    expect(await ask()).toEqual({ bytes: Buffer.from('%PDF-1.7 …'), mimeType: 'application/pdf' });
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: `${REST}/order/document/get`,
      query: { doc_type: 'invoice', order_item_ids: '[1,2]' },
    });
  });

  test('base64 may be broken into lines', async () => {
    answer(document('JVBE\r\nRi0=\n'));
    expect((await ask())?.bytes.toString()).toBe('%PDF-');
  });

  test('more than 5 MB are taken', async () => {
    answer(document(Buffer.alloc(6_000_000, 1).toString('base64')));
    expect((await ask())?.bytes).toHaveLength(6_000_000);
  });

  test.each([[''], [null], [undefined]])('a file of %j is no document', async (file) => {
    answer(document(file));
    expect(await ask()).toBeNull();
  });

  test.each([...EMPTY, EMPTY_LIST])('no document at all: %j', async (body) => {
    answer(body);
    expect(await ask()).toBeNull();
  });

  test.each(['<html>', 'JVBERi0*', 'J'])('"%s" is not base64', async (file) => {
    answer(document(file));
    expect((await failing(ask())).name).toBe('UnexpectedAnswerError');
  });
});

describe('tokens', () => {
  const APP = { appKey: '123456', appSecret: 'hush-app', authUrl: 'https://auth.lazada.test/rest' };
  const reply = {
    code: '0',
    access_token: 'new-access',
    refresh_token: 'new-refresh',
    expires_in: 3_600,
    refresh_expires_in: '7200',
    country_user_info_list: [],
  };
  const from = (date: Date | null) => (date === null ? null : Math.round((date.getTime() - Date.now()) / 1_000));

  test.each([
    ['create', createTokens, '/auth/token/create', { code: 'given' }],
    ['refresh', refreshTokens, '/auth/token/refresh', { refresh_token: 'given' }],
  ] as const)('%s asks the token host, signed, without an access token', async (_name, call, path, params) => {
    answer(reply);
    const pair = await call(platform, APP, 'given');
    expect([pair.accessToken, pair.refreshToken]).toEqual(['new-access', 'new-refresh']);
    expect([from(pair.accessTokenExpiresAt), from(pair.refreshTokenExpiresAt)]).toEqual([3_600, 7_200]);
    expect(asked[0]).toMatchObject({ method: 'POST', path: `${APP.authUrl}${path}`, form: params });
    expect(Object.keys(asked[0]?.form ?? {})).not.toContain('access_token');
  });

  test('a refresh token that lives 0 seconds cannot be used again', async () => {
    answer({ ...reply, refresh_expires_in: 0 });
    const { refreshToken, refreshTokenExpiresAt } = await refreshTokens(platform, APP, 'old');
    expect([refreshToken, refreshTokenExpiresAt]).toEqual(['', null]);
  });

  test.each([
    ['nothing', null],
    ['no number', 'soon'],
  ])('one whose life is told as "%s" is kept, its end is unknown', async (_sentence, refresh_expires_in) => {
    answer({ ...reply, refresh_expires_in });
    const { refreshToken, refreshTokenExpiresAt } = await refreshTokens(platform, APP, 'old');
    expect([refreshToken, refreshTokenExpiresAt]).toEqual(['new-refresh', null]);
  });

  const inSg = { country: 'sg', seller_id: 1000827283, user_id: 1000827283, short_code: 'SG27M5Q6' };
  const shop = { country: 'sg', sellerId: '1000827283', shortCode: 'SG27M5Q6' };
  test.each<[string, object, object[]]>([
    ['a list', { country: 'sg', country_user_info: [inSg] }, [shop]],
    ['a list of the other name', { country: 'cb', country_user_info_list: [inSg] }, [shop]],
    [
      'several countries',
      { country: 'cb', country_user_info: [inSg, { ...inSg, country: 'my' }] },
      [shop, { ...shop, country: 'my' }],
    ],
    ['the country alone', { country: 'sg', country_user_info: null }, [{ country: 'sg', sellerId: '', shortCode: '' }]],
    [
      'a list that is none',
      { country: 'sg', country_user_info: 'none' },
      [{ country: 'sg', sellerId: '', shortCode: '' }],
    ],
    ['nothing', {}, []],
  ])('whose tokens they are, told as %s', async (_sentence, told, shops) => {
    answer({ ...reply, ...told });
    expect((await createTokens(platform, APP, 'given')).shops).toEqual(shops);
  });

  test.each([
    ['no number', 'soon'],
    ['nothing', null],
    ['no time', 0],
    ['less than nothing', -5],
  ])('a new pair that lives "%s" is kept, for as long as a test app\'s', async (_sentence, expires_in) => {
    answer({ ...reply, expires_in });
    const pair = await refreshTokens(platform, APP, 'old');
    expect([pair.accessToken, from(pair.accessTokenExpiresAt)]).toEqual(['new-access', 7 * 86_400]);
  });

  test('a new pair that outlives the calendar is kept for ten years', async () => {
    answer({ ...reply, expires_in: 1e15, refresh_expires_in: 1e15 });
    const pair = await refreshTokens(platform, APP, 'old');
    const lives = [from(pair.accessTokenExpiresAt), from(pair.refreshTokenExpiresAt)];
    expect(lives).toEqual([3_650 * 86_400, 3_650 * 86_400]);
  });

  test('a refused refresh token', async () => {
    answer({ code: 'IllegalRefreshToken', type: 'ISP', message: 'gone' });
    expect(await failing(refreshTokens(platform, APP, 'old'))).toMatchObject({ code: 'IllegalRefreshToken' });
  });

  test('neither token shows in an error', async () => {
    answer('oops: given-refresh-token');
    expect((await failing(refreshTokens(platform, APP, 'given-refresh-token'))).excerpt).toBe('oops: [redacted]');
  });

  test('nor in its code, which is counted by its name', async () => {
    answer({ code: 'no-given-refresh-token', message: 'given-refresh-token' });
    const error = await failing(refreshTokens(platform, APP, 'given-refresh-token'));
    expect(error).toMatchObject({ code: 'no-[redacted]', apiMessage: '[redacted]' });
  });
});

test('what is not an id never leaves', async () => {
  await expect(getMultipleOrderItems(platform, SHOP, ['12', 'X-1'])).rejects.toThrow(NotAnIdError);
  expect(asked).toEqual([]);
});
