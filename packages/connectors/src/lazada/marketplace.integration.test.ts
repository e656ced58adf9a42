import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Account } from '@lazada-sof/orders';
import {
  type Answer,
  type Asked,
  anAccount,
  memoryTokens,
  openScriptedServer,
  recordedLimiter,
  type Script,
  type ScriptedServer,
} from '@lazada-sof/testkit';
import type { FinishedRequest } from '../calls/instrumented.ts';
import { openLazadaCalls } from './calls.ts';
import { marketplaceLazada } from './marketplace.ts';

const ONE = '/order/items/get';
const MANY = '/orders/items/get';
const PACK = '/order/fulfill/pack';
const PROVIDERS = '/order/shipment/providers/get';
const READY = '/order/package/rts';
const LEGACY = '/order/rts';
const DOCUMENT = '/order/document/get';

let server: ScriptedServer;
let limiter: ReturnType<typeof recordedLimiter>;
let calls: ReturnType<typeof openLazadaCalls>;
let lazada: ReturnType<typeof marketplaceLazada>;
let requests: FinishedRequest[];
let unknownCodes: string[];
let unknownStatuses: string[];

beforeEach(async () => {
  server = await openScriptedServer();
  server.on('/auth/token/refresh', {
    body: { code: '0', access_token: 'hush-access-2', refresh_token: 'r', expires_in: 9, refresh_expires_in: 9 },
  });
  limiter = recordedLimiter();
  requests = [];
  unknownCodes = [];
  unknownStatuses = [];
  calls = openLazadaCalls({
    tokens: memoryTokens(),
    limiter,
    settings: { restUrl: server.url, authUrl: server.url },
    onRequest: (request) => requests.push(request),
    onUnknownCode: (code) => unknownCodes.push(code),
    onUnknownStatus: ({ account: name, status }) => unknownStatuses.push(`${name} ${status}`),
  });
  lazada = marketplaceLazada(calls);
});
afterEach(async () => {
  calls.close();
  await server.close();
});

const account = anAccount();
const ok = (data: unknown): Answer => ({ body: { code: '0', data } });
const result = (data: unknown): Answer => ({ body: { code: '0', result: { success: true, data } } });
const refused = (code: string, message = ''): Answer => ({ body: { code, message } });
const item = (fields: object = {}) => ({ order_item_id: 11, status: 'pending', delivery_option_sof: '1', ...fields });
const asked = (path: string) => server.asked.filter((one) => one.path === path);
const slots = () => limiter.journal.filter((word) => word === 'slot').length;
const settled = (calls: readonly Promise<unknown>[]) =>
  Promise.allSettled(calls).then((all) => all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason)));

describe('reading items', () => {
  const orderIds = ({ query }: Asked): string[] => (query.order_ids ?? '[]').slice(1, -1).split(',');
  const orders =
    (filter = (_id: string) => true): Script =>
    (call) =>
      ok(
        orderIds(call)
          .filter(filter)
          .map((id) => ({ order_id: id, order_items: [item({ order_item_id: `${id}1` })] })),
      );
  const read = (id: string, signal?: AbortSignal) => lazada.readItems(account, id, signal);

  test('of one order asks for that order', async () => {
    server.on(
      ONE,
      ok([
        item({
          package_id: 'FP1',
          tracking_code: 'LZ1',
          shipment_provider: 'SOF',
          is_digital: 1,
          updated_at: '1714528800000',
        }),
      ]),
    );
    expect(await read('4001')).toEqual([
      {
        orderItemId: '11',
        status: 'pending',
        packageId: 'FP1',
        sof: true,
        digital: true,
        cancelPending: false,
        trackingNumber: 'LZ1',
        shipmentProvider: 'SOF',
        updatedAt: new Date(1_714_528_800_000),
        shipBy: null,
      },
    ]);
    expect(server.asked).toHaveLength(1);
  });

  test.each([
    ['as Lazada writes it', '2024-05-03T23:59:59+08:00', new Date('2024-05-03T15:59:59Z')],
    ['which it leaves out', undefined, null],
    ['that is the zero of an epoch', '0', null],
    ['at the end of all calendars', '9999-12-31T23:59:59+08:00', null],
    ['that is no time', 'soon', null],
  ])('of an item with a deadline %s', async (_sentence, sla_time_stamp, shipBy) => {
    server.on(ONE, ok([item({ sla_time_stamp })]));
    expect(await read('4001')).toMatchObject([{ shipBy }]);
  });

  test.each([
    ['by its delivery option', { delivery_option_sof: 1 }, { sof: true }],
    [
      'by its provider type, however it is written',
      { delivery_option_sof: 0, shipping_provider_type: 'seller_own_Fleet' },
      { sof: true },
    ],
    ['by neither', { delivery_option_sof: '0', shipping_provider_type: 'standard' }, { sof: false }],
  ])("an item is the own fleet's %s", async (_sentence, fields, expected) => {
    server.on(ONE, ok([item(fields)]));
    expect(await read('4001')).toMatchObject([expected]);
  });

  test.each([{ is_cancel_pending: true }, { need_cancel_confirm: 'true' }])(
    '%j waits for a cancellation',
    async (fields) => {
      server.on(ONE, ok([item(fields)]));
      expect(await read('4001')).toMatchObject([{ cancelPending: true }]);
    },
  );

  test('of many orders asks for 50 at a time, and for each order once', async () => {
    server.on(MANY, orders());
    const ids = Array.from({ length: 60 }, (_, index) => `${5_000 + index}`);
    const items = await Promise.all([...ids, '5001'].map((id) => read(id)));
    expect(items.map(([first]) => first?.orderItemId)).toEqual([...ids.map((id) => `${id}1`), '50011']);
    expect(asked(MANY).map((call) => orderIds(call).length)).toEqual([50, 11]);
    expect(slots()).toBe(2);
  });

  test('an order that the answer leaves out is asked for alone', async () => {
    server.on(
      MANY,
      orders((id) => id !== '2'),
    );
    server.on(ONE, ok([item()]));
    expect(await Promise.all(['1', '2', '3'].map((id) => read(id)))).toMatchObject([
      [{ orderItemId: '11' }],
      [{ orderItemId: '11' }],
      [{ orderItemId: '31' }],
    ]);
    expect(asked(ONE).map(({ query }) => query.order_id)).toEqual(['2']);
  });

  test('one bad order does not spoil the others', async () => {
    server.on(MANY, refused('39', 'Invalid Order ID list'));
    server.on(ONE, ({ query }) => (query.order_id === '2' ? refused('16', 'Invalid Order ID') : ok([item()])));
    const answers = await settled(['1', '2', '3'].map((id) => read(id)));
    expect(answers).toMatchObject([[{}], { kind: 'rejected', code: '16' }, [{}]]);
  });

  test('a failure of the whole call is the failure of each, and nothing is asked twice', async () => {
    server.on(MANY, { status: 503 });
    const answers = await settled(['1', '2', '3'].map((id) => read(id)));
    expect(answers).toMatchObject(Array(3).fill({ kind: 'transient', code: 'http_503' }));
    expect(server.asked).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ['no data', { body: { code: '0' } }],
    ['null', ok(null)],
    ['an empty object', ok({})],
  ])('an answer with %s does not say that an order has no items', async (_sentence, answer) => {
    server.on(ONE, answer);
    server.on(MANY, answer);
    const empty = { kind: 'transient', code: 'empty_answer' };
    await expect(read('1')).rejects.toMatchObject(empty);
    expect(await settled(['1', '2', '3'].map((id) => read(id)))).toMatchObject([empty, empty, empty]);
    // What says nothing of any order is no reason to ask for each alone.
    expect([asked(ONE).length, asked(MANY).length]).toEqual([1, 1]);
  });

  test('an empty list is believed of one order, and each is asked for alone where it stands for several', async () => {
    server.on(ONE, ok([]));
    server.on(MANY, ok([]));
    expect(await read('1')).toEqual([]);
    expect(await settled(['2', '3'].map((id) => read(id)))).toEqual([[], []]);
    expect(asked(ONE).map(({ query }) => query.order_id)).toEqual(['1', '2', '3']);
  });

  test('a status that nobody knows is told by account and name, once for each item that shows it', async () => {
    const items = [item({ status: 'In_Customs' }), item({ status: 'pending' }), item({ status: 'CONFIRMED' })];
    server.on(ONE, ok(items));
    server.on(
      MANY,
      ok([
        { order_id: 2, order_items: [item({ status: '' })] },
        { order_id: 3, order_items: items },
      ]),
    );
    expect(await read('1')).toMatchObject([{ status: 'In_Customs' }, {}, {}]);
    expect(unknownStatuses).toEqual(['shop-7 In_Customs']);
    await Promise.all(['2', '3', '3'].map((id) => read(id)));
    expect(unknownStatuses.slice(1)).toEqual(['shop-7 ', 'shop-7 In_Customs']);
  });

  test("an order number that is none of Lazada's never joins a batch", async () => {
    await expect(read('ABC-1')).rejects.toMatchObject({ kind: 'rejected', code: 'not_an_id' });
    expect(server.asked).toEqual([]);
  });

  test('an abort answers at once', async () => {
    const abort = new AbortController();
    server.on(ONE, async () => {
      abort.abort(new Error('shut down'));
      return new Promise<Answer>((resolve) => setTimeout(resolve, 200, ok([])));
    });
    await expect(read('1', abort.signal)).rejects.toThrow('shut down');
  });

  test('ids beyond 2^53 keep their digits', async () => {
    server.on(ONE, { body: '{"code":"0","data":[{"order_item_id":260422899198627123,"package_id":"FP1"}]}' });
    expect(await read('260422899198627124')).toMatchObject([{ orderItemId: '260422899198627123' }]);
    expect(asked(ONE)[0]?.query.order_id).toBe('260422899198627124');
  });
});

describe('an access token that has ended', () => {
  test('is renewed, and the call repeated on a slot of its own', async () => {
    server.on(ONE, refused('IllegalAccessToken'), ok([item()]));
    expect(await lazada.readItems(account, '1')).toHaveLength(1);
    expect(asked(ONE).map(({ query }) => query.access_token)).toEqual(['hush-access-1', 'hush-access-2']);
    // The read, the refresh, the read again.
    expect(slots()).toBe(3);
  });

  test('and refused again although it is new stops the account', async () => {
    server.on(ONE, refused('InvalidAccessToken'));
    await expect(lazada.readItems(account, '1')).rejects.toMatchObject({
      kind: 'misconfigured',
      accountStatus: 'reauth_required',
    });
    expect(asked(ONE)).toHaveLength(2);
  });

  test('and cannot be renewed stops the account', async () => {
    server.on(ONE, refused('IllegalAccessToken'));
    server.on('/auth/token/refresh', refused('IllegalRefreshToken'));
    await expect(lazada.readItems(account, '1')).rejects.toMatchObject({
      kind: 'misconfigured',
      code: 'IllegalRefreshToken',
      accountStatus: 'reauth_required',
    });
    expect(asked(ONE)).toHaveLength(1);
  });
});

describe('too many calls', () => {
  test.each([
    [
      'as long as the ban lasts and a second',
      refused('ApiCallLimit', 'this ban will last 4 seconds'),
      5_000,
      'account 5000',
    ],
    ['2 s where the seller has called too often', refused('SellerCallLimit'), 2_000, 'account 2000'],
    ['2 s for code 901', refused('901'), 2_000, 'account 2000'],
    ['2 s for code 4154', refused('4154', 'SYS_REQUEST_TOO_FAST'), 2_000, 'account 2000'],
    ['60 s, all accounts of the app, where the app has', refused('AppCallLimit'), 60_000, 'app 60000'],
    ['60 s, all accounts of the app, in its other words', refused('AppApiCallLimit'), 60_000, 'app 60000'],
    [
      'as long as the ban of the app lasts and a second',
      refused('AppApiCallLimit', 'This ban will last 1200 seconds'),
      1_201_000,
      'app 1201000',
    ],
    ['as long as Retry-After says', { status: 429, headers: { 'retry-after': '9' } }, 9_000, 'account 9000'],
    ['2 s for 429 without a time', { status: 429 }, 2_000, 'account 2000'],
  ])('are waited for: %s', async (_sentence, answer, waitMs, pause) => {
    server.on(ONE, answer);
    await expect(lazada.readItems(account, '1')).rejects.toMatchObject({ kind: 'rate-limited', waitMs });
    expect(limiter.journal).toContain(`pause ${pause}`);
  });

  test.each([
    ['a Retry-After of 99999999999 s', { status: 429, headers: { 'retry-after': '99999999999' } }],
    ['a Retry-After in the year 9999', { status: 429, headers: { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' } }],
    ['a ban of 99999999999 s', refused('ApiCallLimit', 'this ban will last 99999999999 seconds')],
    ['a ban of more seconds than there are numbers', refused('901', `will last ${'9'.repeat(400)} seconds`)],
  ])('keep nobody away for longer than an hour: %s', async (_sentence, answer) => {
    server.on(ONE, answer);
    await expect(lazada.readItems(account, '1')).rejects.toMatchObject({ kind: 'rate-limited', waitMs: 3_600_000 });
  });

  test.each(['-5', '0', 'soon', '', 'NaN', 'Wed, 01 May 2024 10:00:30 GMT'])(
    'a Retry-After "%s" names no time, and counts as none',
    async (header) => {
      server.on(ONE, { status: 429, headers: { 'retry-after': header } });
      await expect(lazada.readItems(account, '1')).rejects.toMatchObject({ kind: 'rate-limited', waitMs: 2_000 });
    },
  );

  test('a downgraded API is waited for an hour, while the account goes on', async () => {
    server.on(ONE, refused('998'));
    await expect(lazada.readItems(account, '1')).rejects.toMatchObject({ kind: 'rate-limited', waitMs: 3_600_000 });
    expect(limiter.journal.filter((word) => word.startsWith('pause'))).toEqual([]);
  });
});

describe('packing', () => {
  beforeEach(() => server.on(PROVIDERS, result({ shipping_allocate_type: 'TFS', shipment_providers: [] })));

  type Order = { order_id: number; order_item_list: number[] };
  const ordersOf = ({ form }: Asked): Order[] => JSON.parse(form.packReq ?? '').pack_order_list;
  const element = (id: number, fields: object = {}) => ({
    order_item_id: id,
    item_err_code: '0',
    package_id: `FP${id}`,
    tracking_number: `LZ${id}`,
    shipment_provider: 'SOF',
    ...fields,
  });
  const packs =
    (fields: (id: number) => object | null = () => ({})): Script =>
    (call) =>
      result({
        pack_order_list: ordersOf(call).map(({ order_id, order_item_list }) => ({
          order_id,
          order_item_list: order_item_list.flatMap((id) => {
            const more = fields(id);
            return more ? [element(id, more)] : [];
          }),
        })),
      });
  const pack = (orderNumber: string, orderItemIds: readonly string[], shop: Account = account) =>
    lazada.pack(shop, { orderNumber, orderItemIds });

  test('answers package, number and provider of each item', async () => {
    server.on(
      PACK,
      packs((id) => (id === 2 ? { tracking_number: '' } : {})),
    );
    expect([...(await pack('1', ['1', '2']))]).toEqual([
      [
        '1',
        { ok: true, value: { orderItemId: '1', packageId: 'FP1', trackingNumber: 'LZ1', shipmentProvider: 'SOF' } },
      ],
      ['2', { ok: true, value: { orderItemId: '2', packageId: 'FP2', trackingNumber: null, shipmentProvider: 'SOF' } }],
    ]);
    expect(JSON.parse(asked(PACK)[0]?.form.packReq ?? '')).toMatchObject({ shipping_allocate_type: 'TFS' });
  });

  test('each item has a failure of its own', async () => {
    const said: Record<number, object | null> = {
      1: {},
      2: { item_err_code: '82', msg: 'not pending' },
      3: { item_err_code: 700023, msg: 'cannot be packed', retry: false },
      4: { item_err_code: '40011' },
      5: null,
      6: { item_err_code: '4712', msg: 'news' },
      7: { package_id: '' },
    };
    server.on(
      PACK,
      packs((id) => said[id] ?? null),
    );
    const results = [...(await pack('1', ['1', '2', '3', '4', '5', '6', '7'])).values()];
    expect(results).toMatchObject([
      { ok: true },
      { failure: { kind: 'not-ready', code: '82', schedule: 'unknown-package' } },
      { failure: { kind: 'rejected', code: '700023' } },
      { failure: { kind: 'transient', code: '40011' } },
      { failure: { kind: 'transient', code: 'missing_in_answer' } },
      { failure: { kind: 'transient', code: '4712' } },
      { failure: { kind: 'transient', code: 'no_package_id' } },
    ]);
    expect(unknownCodes).toEqual(['4712']);
  });

  test('takes 20 orders at a time', async () => {
    server.on(PACK, packs());
    await Promise.all(Array.from({ length: 25 }, (_, index) => pack(`${index + 1}`, [`${index + 1}`])));
    expect(asked(PACK).map((call) => ordersOf(call).length)).toEqual([20, 5]);
  });

  test('one bad order does not spoil the others', async () => {
    server.on(PACK, (call) => {
      const script = packs();
      if (ordersOf(call).some(({ order_id }) => order_id === 2)) return refused('6', 'Invalid order 2');
      return typeof script === 'function' ? script(call) : script;
    });
    const results = await settled([pack('1', ['1']), pack('2', ['2']), pack('3', ['3'])]);
    expect(results.map((one) => (one instanceof Map ? 'packed' : (one as { code: string }).code))).toEqual([
      'packed',
      '6',
      'packed',
    ]);
  });

  describe('the carrier', () => {
    const shop = anAccount({ shipmentProvider: 'seller own fleet' });
    const FLEET = { name: 'Seller Own Fleet', provider_code: 'P9' };
    const NINJA = { name: 'Ninja', provider_code: 'N' };
    const offer = (type: string, ...providers: object[]) =>
      result({ platform_default: 0, shipping_allocate_type: type, shipment_providers: providers });
    const packed = (call = 0) => JSON.parse(asked(PACK)[call]?.form.packReq ?? '');
    const waits = { kind: 'not-ready', schedule: 'account', code: 'unknown_provider' };

    test.each([
      ['of an account that names none', account],
      ['of one that names it', shop],
    ])('%s is sent by its code where Lazada leaves the choice, and asked for once', async (_sentence, owner) => {
      server.on(PROVIDERS, offer('NTFS', NINJA, FLEET));
      server.on(PACK, packs());
      await pack('1', ['1'], owner);
      await pack('2', ['2'], owner);
      expect(packed(1)).toMatchObject({ shipping_allocate_type: 'NTFS', shipment_provider_code: 'P9' });
      expect(asked(PROVIDERS)).toHaveLength(1);
    });

    test('is asked for with one of the orders at hand', async () => {
      server.on(PROVIDERS, offer('TFS'));
      server.on(PACK, packs());
      await Promise.all(['1', '2', '3'].map((id) => pack(id, [id])));
      expect(asked(PROVIDERS).map(({ query }) => JSON.parse(query.getShipmentProvidersReq ?? '').orders)).toEqual([
        [{ order_id: 1, order_item_ids: [1] }],
      ]);
    });

    test.each([account, shop])('is not named where Lazada chooses', async (owner) => {
      server.on(PROVIDERS, offer('TFS', FLEET));
      server.on(PACK, packs());
      await pack('1', ['1'], owner);
      expect(packed()).toMatchObject({ shipping_allocate_type: 'TFS' });
      expect(packed()).not.toHaveProperty('shipment_provider_code');
    });

    test("is elsewhere what the order's item says", async () => {
      server.on(PROVIDERS, offer('NTFS', NINJA, { name: 'Seller Own Fleet', provider_code: 'P9' }));
      server.on(
        ONE,
        ok([
          item({ order_item_id: 5, shipping_provider_type: 'standard' }),
          item({ order_item_id: 1, shipping_provider_type: 'SELLER_OWN_FLEET' }),
        ]),
      );
      server.on(PACK, packs());
      await pack('1', ['1'], anAccount({ country: 'ID' }));
      expect(packed()).toMatchObject({ shipment_provider_code: 'P9' });
      expect(asked(ONE)).toHaveLength(1);
    });

    test('that is not on offer: nothing is packed, no order is refused, and what is offered is said', async () => {
      server.on(PROVIDERS, offer('NTFS', NINJA));
      const answers = await settled(['1', '2', '3'].map((id) => pack(id, [id], shop)));
      expect(answers).toMatchObject(Array(3).fill(waits));
      expect(new Set(answers.map((one) => (one as Error).message))).toEqual(
        new Set([expect.stringContaining('which offers "Ninja"')]),
      );
      expect([asked(PACK).length, asked(PROVIDERS).length]).toEqual([0, 1]);
    });

    test('that is corrected here is judged by the answer that there is', async () => {
      server.on(PROVIDERS, offer('NTFS', NINJA));
      server.on(PACK, packs());
      const { message } = (await pack('1', ['1'], shop).catch((error: unknown) => error)) as Error;
      const corrected = anAccount({ shipmentProvider: 'Ninja', statusReason: message });
      expect(await pack('1', ['1'], corrected)).toHaveProperty('size', 1);
      expect([packed().shipment_provider_code, asked(PROVIDERS).length]).toEqual(['N', 1]);
    });

    test('that is mended at Lazada is asked for again once the account says nothing of it any more', async () => {
      server.on(PROVIDERS, offer('NTFS', NINJA), offer('NTFS', NINJA, FLEET));
      server.on(PACK, packs());
      const { message } = (await pack('1', ['1'], shop).catch((error: unknown) => error)) as Error;
      const waiting = anAccount({ shipmentProvider: 'seller own fleet', statusReason: message });
      await expect(pack('1', ['1'], waiting)).rejects.toMatchObject(waits);
      expect(asked(PROVIDERS)).toHaveLength(1);
      expect(await pack('1', ['1'], shop)).toHaveProperty('size', 1);
      expect([packed().shipment_provider_code, asked(PROVIDERS).length]).toEqual(['P9', 2]);
    });

    test('is asked for again after an hour, and after Lazada refused what was packed', async () => {
      const clock = jest.spyOn(performance, 'now');
      try {
        const now = performance.now();
        server.on(PROVIDERS, offer('TFS'), offer('NTFS', FLEET));
        server.on(
          PACK,
          packs(() => (asked(PACK).length === 2 ? { item_err_code: '700023' } : {})),
        );
        await pack('1', ['1']);
        clock.mockReturnValue(now + 3_599_000);
        await pack('2', ['2']);
        expect(asked(PROVIDERS)).toHaveLength(1);
        await pack('3', ['3']);
        expect(asked(PROVIDERS)).toHaveLength(2);
        clock.mockReturnValue(now + 2 * 3_600_000);
        await pack('4', ['4']);
        expect(asked(PROVIDERS)).toHaveLength(3);
        expect(asked(PACK).map((_, call) => packed(call).shipping_allocate_type)).toEqual([
          'TFS',
          'TFS',
          'NTFS',
          'NTFS',
        ]);
      } finally {
        clock.mockRestore();
      }
    });

    test.each<[string, Answer, object]>([
      ['that failed passes', { status: 503 }, { kind: 'transient', code: 'http_503' }],
      ['that says nothing passes', { body: { code: '0', result: { success: true } } }, { code: 'empty_answer' }],
      ['that is refused lets packing alone wait', refused('700001', 'seller not found'), waits],
      ['that is not let in stops the account', refused('InsufficientPermission'), { kind: 'misconfigured' }],
    ])('a look-up %s, and is made again', async (_sentence, answer, expected) => {
      server.on(PROVIDERS, answer, offer('TFS'));
      server.on(PACK, packs());
      await expect(pack('1', ['1'])).rejects.toMatchObject(expected);
      expect(await pack('1', ['1'])).toHaveProperty('size', 1);
    });
  });
});

describe('ready to ship', () => {
  const packagesOf = ({ form }: Asked): string[] =>
    JSON.parse(form.readyToShipReq ?? '').packages.map((one: { package_id: string }) => one.package_id);
  const readies =
    (code: (id: string) => string | null = () => '0'): Script =>
    (call) =>
      result({
        packages: packagesOf(call).flatMap((id) =>
          code(id) === null ? [] : [{ package_id: id, item_err_code: code(id) }],
        ),
      });

  test('takes 20 packages at a time, each once', async () => {
    server.on(READY, readies());
    const ids = Array.from({ length: 22 }, (_, index) => `FP${index}`);
    await Promise.all([...ids, 'FP21'].map((id) => lazada.readyToShip(account, id)));
    expect(asked(READY).map((call) => packagesOf(call))).toEqual([ids.slice(0, 20), ids.slice(20)]);
  });

  test('each package has a failure of its own, and one left out is asked alone', async () => {
    server.on(READY, (call) => {
      const isAlone = packagesOf(call).length === 1;
      const script = readies((id) => (id === 'FP2' ? '600002' : id === 'FP3' && !isAlone ? null : '0'));
      return typeof script === 'function' ? script(call) : script;
    });
    const answers = await settled(['FP1', 'FP2', 'FP3'].map((id) => lazada.readyToShip(account, id)));
    expect(answers).toMatchObject([undefined, { kind: 'not-ready', code: '600002' }, undefined]);
    expect(asked(READY).map((call) => packagesOf(call))).toEqual([['FP1', 'FP2', 'FP3'], ['FP3']]);
  });

  test('a success that names no package is a failure that passes, and none is set ready again unread', async () => {
    server.on(READY, { body: { code: '0', result: { success: true } } });
    const answers = await settled(['FP1', 'FP2'].map((id) => lazada.readyToShip(account, id)));
    expect(answers).toMatchObject(Array(2).fill({ kind: 'transient', code: 'empty_answer' }));
    expect(asked(READY)).toHaveLength(1);
  });

  test('one left out even alone failed', async () => {
    server.on(
      READY,
      readies(() => null),
    );
    await expect(lazada.readyToShip(account, 'FP1')).rejects.toMatchObject({
      kind: 'transient',
      code: 'missing_in_answer',
    });
  });
});

describe('the retired ready to ship', () => {
  const call = (shop: Account) => lazada.readyToShipLegacy(shop, { orderNumber: '1', orderItemIds: ['11', '12'] });
  const taken = ok({ order_items: [{ order_item_id: 11 }, { order_item_id: '12' }] });

  test.each([
    ['the one that the account names', anAccount({ shipmentProvider: 'Own' }), 'Own'],
    ["Singapore's", anAccount({ country: 'SG' }), 'Seller Own Fleet'],
    ["Malaysia's", anAccount({ country: 'MY' }), 'Seller Own'],
    ["the item's elsewhere", anAccount({ country: 'ID' }), 'SELLER_OWN_FLEET'],
  ])('names as provider %s', async (_sentence, shop, expected) => {
    server.on(ONE, ok([item({ shipping_provider_type: 'SELLER_OWN_FLEET' })]));
    server.on(LEGACY, taken);
    await call(shop);
    expect(asked(LEGACY)[0]?.form).toMatchObject({
      shipment_provider: expected,
      delivery_type: 'dropship',
      order_item_ids: '[11,12]',
    });
  });

  test('without any provider says how to name one', async () => {
    server.on(ONE, ok([item()]));
    await expect(call(anAccount({ country: 'TH' }))).rejects.toMatchObject({
      kind: 'rejected',
      message: expect.stringContaining('set the shipment provider of account shop-7'),
    });
  });

  test('an item left out is tried again', async () => {
    server.on(LEGACY, ok({ order_items: [{ order_item_id: 11 }] }));
    await expect(call(account)).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('item 12'),
    });
  });

  test('a wrong state is looked at again', async () => {
    server.on(LEGACY, refused('73', 'E073'));
    await expect(call(account)).rejects.toMatchObject({ kind: 'not-ready', code: '73' });
  });
});

describe('an invoice', () => {
  const read = (ids: readonly string[] = ['11', '12']) => lazada.readInvoice(account, ids);
  const document = (file: string) => ok({ document: { mime_type: 'text/html', file } });

  test('comes as bytes with what Lazada calls them', async () => {
    server.on(DOCUMENT, document(Buffer.from('<p>bill').toString('base64')));
    expect(await read()).toEqual({ bytes: Buffer.from('<p>bill'), declaredMime: 'text/html' });
    expect(asked(DOCUMENT)[0]?.query).toMatchObject({ doc_type: 'invoice', order_item_ids: '[11,12]' });
  });

  test.each([
    ['34 before it is packed', refused('34', 'E034'), { kind: 'not-ready', schedule: 'invoice', code: '34' }],
    ['30012 before it is packed', refused('30012'), { kind: 'not-ready', schedule: 'invoice', code: '30012' }],
    ['an empty document', document(''), { kind: 'not-ready', schedule: 'invoice', code: 'no_document' }],
    ['no document for own fleets', refused('700040'), { kind: 'rejected', code: 'unsupported' }],
    ['50008', refused('50008'), { kind: 'rejected', code: 'unsupported' }],
    ['what is not base64', document('<html>'), { kind: 'rejected', code: 'unexpected_answer' }],
    ['a busy Lazada', refused('6', 'System Error'), { kind: 'transient', code: '6' }],
    ['a page of HTML', { body: '<html>' }, { kind: 'transient', code: 'not_json' }],
  ])('%s', async (_sentence, answer, expected) => {
    server.on(DOCUMENT, answer);
    await expect(read()).rejects.toMatchObject(expected);
  });

  test.each([0, 101])('of %i items is not asked for', async (count) => {
    const ids = Array.from({ length: count }, (_, index) => `${index + 1}`);
    await expect(read(ids)).rejects.toMatchObject({ kind: 'rejected', code: 'batch_size' });
    expect(server.asked).toEqual([]);
  });
});

test('every request is counted by account and what came of it', async () => {
  server.on(ONE, ok([]), refused('16'), 'reset');
  for (let call = 0; call < 3; call += 1) await lazada.readItems(account, '1').catch(() => undefined);
  expect(requests.map((one) => [one.api, one.account, one.outcome])).toEqual([
    ['lazada', 'shop-7', 'ok'],
    ['lazada', 'shop-7', '16'],
    ['lazada', 'shop-7', 'reset'],
  ]);
  expect(limiter.journal.filter((word) => word.startsWith('told'))).toEqual(['told ok', 'told ok', 'told failed']);
});
