/** Every call that the connectors make, in the form that a strict Lazada takes: it must not refuse a single one. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Account, EndStatus, Fleet, SentStatus, StatusReport } from '@lazada-sof/orders';
import {
  anAccount,
  type MemoryTokens,
  memoryTokens,
  recordedLimiter,
  startTestSimulator,
  type TestSimulator,
} from '@lazada-sof/testkit';
import { accountChecks } from './account-checks/account-checks.ts';
import { openLazadaCalls } from './lazada/calls.ts';
import { fleetDbs } from './lazada/fleet-dbs.ts';
import { marketplaceLazada } from './lazada/marketplace.ts';
import { openSofCalls } from './sof/calls.ts';
import { fleetSofp } from './sof/fleet-sofp.ts';

type Credentials = Record<
  'sellerId' | 'sofUsername' | 'sofPassword' | 'appKey' | 'appSecret' | 'accessToken' | 'refreshToken',
  string
>;
type Order = { orderNumber: string; items: { orderItemId: string }[] };
type Counts = {
  refusals: object;
  askedRefusals: Record<string, number>;
  accepted: object;
  duplicates: number;
  calls: Record<string, number>;
};

let simulator: TestSimulator;
let seller: Credentials;
let tokens: MemoryTokens;
let lazada: ReturnType<typeof openLazadaCalls>;
let sof: ReturnType<typeof openSofCalls>;
let marketplace: ReturnType<typeof marketplaceLazada>;
let sofp: ReturnType<typeof fleetSofp>;
let dbs: ReturnType<typeof fleetDbs>;
let checks: ReturnType<typeof accountChecks>;

beforeAll(async () => {
  simulator = await startTestSimulator();
});
afterAll(() => simulator.close());

beforeEach(() => open({}));
async function open(behaviour: object, given: object = {}) {
  await simulator.control('POST', '/reset', { seed: 3 });
  await simulator.control('POST', '/behaviour', behaviour);
  seller = await simulator.control<Credentials>('POST', '/accounts', { country: 'SG', ...given });
  const { sofUsername: username, sofPassword: password, appKey, appSecret, accessToken, refreshToken } = seller;
  const login = { username, password };
  tokens = memoryTokens([], { sof: login, app: { appKey, appSecret }, pair: { accessToken, refreshToken } });
  const parts = { tokens, limiter: recordedLimiter() };
  const platform = { restUrl: `${simulator.url}/rest`, authUrl: `${simulator.url}/rest` };
  const module = {
    url: simulator.url,
    authPath: '/api/auth',
    statusPath: '/api/statuses/',
    usernameField: 'username',
    passwordField: 'password',
  };
  lazada = openLazadaCalls({ ...parts, settings: platform });
  sof = openSofCalls({ ...parts, settings: module });
  marketplace = marketplaceLazada(lazada);
  sofp = fleetSofp(sof);
  dbs = fleetDbs(lazada);
  checks = accountChecks({ lazada, sof, tokens });
}
afterEach(async () => {
  lazada.close();
  sof.close();
  expect((await counts()).refusals).toEqual({});
});

const counts = () => simulator.control<Counts>('GET', '/counts');
const account = anAccount();
const orders = async (given: object): Promise<Order[]> =>
  (await simulator.control<{ orders: Order[] }>('POST', '/orders', { account: seller.sellerId, ...given })).orders;
const order = async (given: object = {}): Promise<Order> => (await orders(given))[0] as Order;
const idsOf = ({ items }: Order) => items.map(({ orderItemId }) => orderItemId);

/** Packs an order and sets it ready; answers its packages. */
async function ship(one: Order, shop: Account = account): Promise<string[]> {
  const packed = await marketplace.pack(shop, { orderNumber: one.orderNumber, orderItemIds: idsOf(one) });
  const packages = [...packed.values()].map((result) => (result.ok ? result.value.packageId : `${result.failure}`));
  for (const packageId of new Set(packages)) await marketplace.readyToShip(shop, packageId);
  return packages;
}
const read = async (one: Order) => (await marketplace.readItems(account, one.orderNumber))[0];
const post = (fleet: Fleet, report: Omit<StatusReport, 'occurredAt'>) =>
  fleet.report(
    account,
    { ...report, occurredAt: new Date() },
    { open: async () => true, close: async () => undefined },
  );

describe.each([
  ['plainly', {}],
  ['with numbers and truths as text, and times as epochs', { dialect: 'text', dates: 'epoch' }],
  ['with times in ISO', { dates: 'iso' }],
])('a Lazada that writes %s', (_how, behaviour) => {
  beforeEach(() => open(behaviour));

  test('takes an order from pending to delivered, and its invoice is read', async () => {
    const one = await order({ items: 2 });
    expect(await read(one)).toMatchObject({ status: 'pending', sof: true, packageId: null, trackingNumber: null });
    const [packageId = ''] = await ship(one);
    const item = await read(one);
    expect(item).toMatchObject({ status: 'ready_to_ship', packageId, updatedAt: expect.any(Date) });
    for (const status of ['shipped', 'delivered'] as const) {
      const report = { orderNumber: one.orderNumber, packageId, trackingNumber: item?.trackingNumber ?? null, status };
      expect(await post(sofp, report)).toMatchObject({ outcome: 'accepted', httpStatus: 202 });
    }
    expect(await read(one)).toMatchObject({ status: 'delivered' });
    const invoice = await marketplace.readInvoice(account, idsOf(one));
    expect(invoice.declaredMime).toBe('application/pdf');
    expect(invoice.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await counts()).toMatchObject({ accepted: { shipped: 1, delivered: 1 }, duplicates: 0 });
  });

  test.each<[EndStatus, string]>([
    ['delivered', 'delivered'],
    ['not_delivered', 'failed'],
  ])('takes %s of a package by the Open Platform', async (status, shown) => {
    const one = await order();
    const [packageId = ''] = await ship(one);
    const report = { orderNumber: one.orderNumber, packageId, trackingNumber: null, status: status as SentStatus };
    expect(await post(dbs, report)).toMatchObject({ outcome: 'accepted', requestId: expect.any(String) });
    expect(await read(one)).toMatchObject({ status: shown });
  });
});

test('orders of the same moment are read by 50 and packed by 20', async () => {
  const many = await orders({ count: 60 });
  await Promise.all(many.map(read));
  const packages = (await Promise.all(many.map((one) => ship(one)))).flat();
  expect(new Set(packages).size).toBe(60);
  expect((await counts()).calls).toMatchObject({
    '/orders/items/get': 2,
    '/order/fulfill/pack': 3,
    '/order/package/rts': 3,
  });
});

test('the retired call sets an order ready in one', async () => {
  await open({}, { retiredCalls: true });
  const one = await order({ items: 2 });
  await marketplace.readyToShipLegacy(account, { orderNumber: one.orderNumber, orderItemIds: idsOf(one) });
  expect(await read(one)).toMatchObject({ status: 'ready_to_ship', shipmentProvider: 'Seller Own Fleet' });
});

test('a provider is named where the seller has the choice', async () => {
  await open({}, { allocateType: 'NTFS', providers: [{ name: 'Own Vans', code: 'OV1' }] });
  const one = await order();
  await ship(one, anAccount({ shipmentProvider: 'own vans' }));
  expect(await read(one)).toMatchObject({ status: 'ready_to_ship' });
});

test('tokens that end in between are renewed, once each', async () => {
  const one = await order();
  const [packageId = ''] = await ship(one);
  const { trackingNumber = null } = (await read(one)) ?? {};
  const report = { orderNumber: one.orderNumber, packageId, trackingNumber };
  await post(sofp, { ...report, status: 'shipped' });
  await simulator.control('POST', `/accounts/${seller.sellerId}/expire`, { tokens: ['access', 'sof'] });
  expect(await post(sofp, { ...report, status: 'delivered' })).toMatchObject({ outcome: 'accepted' });
  expect(await read(one)).toMatchObject({ status: 'delivered' });
  expect(tokens.journal.filter((word) => word !== 'read')).toEqual(['login', 'login', 'refresh']);
});

test('a number that SOF does not know yet is asked about again', async () => {
  const one = await order({ script: { sofKnowsAfterSeconds: 60 } });
  const [packageId = ''] = await ship(one);
  const { trackingNumber = null } = (await read(one)) ?? {};
  const report = { orderNumber: one.orderNumber, packageId, trackingNumber, status: 'shipped' } as const;
  expect(await post(sofp, report)).toMatchObject({
    outcome: 'refused',
    failure: { kind: 'not-ready', schedule: 'unknown-package' },
  });
});

test('an invoice that is not issued yet is asked for again', async () => {
  const one = await order({ script: { invoice: { readyAfterSeconds: 60 } } });
  await ship(one);
  await expect(marketplace.readInvoice(account, idsOf(one))).rejects.toMatchObject({
    kind: 'not-ready',
    schedule: 'invoice',
  });
});

test('credentials that work pass the checks, and an ending token is renewed', async () => {
  tokens.accessTokenExpiresAt = new Date();
  const { checks: all, failure } = await checks.check(account);
  expect(all.map(({ check, ok }) => [check, ok])).toEqual([
    ['access_token', true],
    ['open_platform', true],
    ['sof_login', true],
  ]);
  expect(failure).toBeNull();
});
