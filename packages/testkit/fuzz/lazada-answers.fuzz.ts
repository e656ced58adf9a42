/** Answers of the Open Platform, to every call: envelopes, items, packages, documents, tokens. */
import fc from 'fast-check';
import * as platformCalls from '../../clients/src/open-platform/index.ts';
import { connectOpenPlatform, type OpenPlatform } from '../../clients/src/open-platform/request.ts';
import { answer, answersOf, connectionsWith, holdsAsCall, SECRET } from './canned.ts';
import { deepList, deepObject, foreignJson } from './foreign-json.ts';
import { defineFuzz } from './fuzz.ts';

const SHOP = { restUrl: 'https://api.lazada.test/rest', appKey: '123456', appSecret: SECRET, accessToken: SECRET };
const APP = { appKey: '123456', appSecret: SECRET };
const ORDER = '260422899198627123';
const ORDERS = [{ orderId: ORDER, orderItemIds: ['1', '2'] }];

const CALLS = {
  items: (platform) => platformCalls.getOrderItems(platform, SHOP, ORDER),
  manyItems: (platform) => platformCalls.getMultipleOrderItems(platform, SHOP, [ORDER]),
  pack: (platform) => platformCalls.pack(platform, SHOP, ORDERS, { allocateType: 'TFS' }),
  readyToShip: (platform) => platformCalls.packageReadyToShip(platform, SHOP, ['FP1']),
  delivered: (platform) => platformCalls.sofDelivered(platform, SHOP, ['FP1']),
  legacy: (platform) =>
    platformCalls.orderReadyToShip(platform, SHOP, { orderItemIds: ['1'], shipmentProvider: 'Own Fleet' }),
  providers: (platform) => platformCalls.getShipmentProviders(platform, SHOP, ORDERS),
  document: (platform) => platformCalls.getDocument(platform, SHOP, { type: 'invoice', orderItemIds: ['1'] }),
  tokens: (platform) => platformCalls.createTokens(platform, APP, SECRET),
  refreshed: (platform) => platformCalls.refreshTokens(platform, APP, SECRET),
  probe: (platform) => platformCalls.probeOrders(platform, SHOP, new Date(0)),
} satisfies Readonly<Record<string, (platform: OpenPlatform) => Promise<unknown>>>;
type CallName = keyof typeof CALLS;

const ITEM = {
  ...{ order_item_id: 2604228991986271, order_id: ORDER, status: 'ready_to_ship', package_id: 'FP0123' },
  ...{ tracking_code: 'LZ1', shipment_provider: 'Own Fleet', shipping_provider_type: 'seller_own_fleet' },
  ...{ delivery_option_sof: 1, is_digital: 0, need_cancel_confirm: false, is_cancel_pending: 'true' },
  ...{ updated_at: '2024-05-01 10:00:00 +0800', sla_time_stamp: '2024-05-03T23:59:59+08:00' },
};
const OUTCOME = { item_err_code: '0', msg: 'success', retry: false };
const PACKED = { order_item_id: 1, tracking_number: 'TN1', shipment_provider: 'x', package_id: 'FP1', ...OUTCOME };
const SHOPS = [{ country: 'sg', user_id: '1', seller_id: '1001', short_code: 'SG1' }];
const DOCUMENT = { file: Buffer.from('<html></html>').toString('base64'), mime_type: 'text/html' };
/** Of the shapes that its documents and answers show; ids that JavaScript cannot hold are put in by mutation. */
const ANSWERS = [
  { code: '0', data: [ITEM, ITEM], request_id: 'r' },
  { code: '0', data: [{ order_id: ORDER, order_items: [ITEM] }], request_id: 'r' },
  { code: '0', result: { success: true, data: { pack_order_list: [{ order_id: 1, order_item_list: [PACKED] }] } } },
  { code: '0', result: { success: 'true', data: { packages: [{ package_id: 'FP1', ...OUTCOME }] } } },
  { code: '0', data: { order_items: [{ order_item_id: 1 }] } },
  { code: '0', data: { shipping_allocate_type: 'TFS', shipment_providers: [{ name: 'x', provider_code: 'y' }] } },
  { code: '0', data: { document: DOCUMENT }, request_id: 'r' },
  {
    ...{ code: '0', access_token: 'a', refresh_token: 'b', expires_in: 10, refresh_expires_in: 60, country: 'sg' },
    ...{ country_user_info: SHOPS, country_user_info_list: SHOPS, account: 'x@example.com' },
  },
  { code: 'IllegalAccessToken', type: 'ISP', message: `token ${SECRET} is not known`, request_id: 'r' },
  { code: 'AppCallLimit', message: 'This ban will last 86400 seconds', detail: [{ field: 'a', message: 'b' }] },
  { code: '0', result: { success: false, error_code: '20', error_msg: `no: ${SECRET}` } },
].map((sample) => JSON.stringify(sample));

const each = (body: string) => Object.keys(CALLS).map((call) => ({ call: call as CallName, answer: answer(body) }));

export default defineFuzz<{ call: CallName; answer: ReturnType<typeof answer> }>({
  known: [
    ...ANSWERS.flatMap(each),
    ...[deepList, deepObject, `{"code":"0","data":${deepList}}`, `{"code":"0","data":${deepObject}}`].flatMap(each),
    // Each of them is wrong, and the error is to be a line.
    ...each(`{"code":"0","data":[${Array(20_000).fill('null').join(',')}]}`),
    ...each(`{"code":"0","data":{"packages":[${Array(20_000).fill('{}').join(',')}]}}`),
    ...each(`{"code":"${SECRET}","message":"${SECRET}"}`),
    ...each('{"code":"0","expires_in":{"valueOf":1,"toString":1},"access_token":"a"}'),
    ...each('{"__proto__":{"code":"0"},"constructor":{"prototype":{"code":"0"}}}'),
  ],
  inputs: fc.record({
    call: fc.constantFrom(...(Object.keys(CALLS) as CallName[])),
    answer: answersOf(foreignJson(ANSWERS)),
  }),
  async holds(input) {
    const platform = connectOpenPlatform(() => 0, connectionsWith(input.answer));
    await holdsAsCall(() => CALLS[input.call](platform));
  },
});
