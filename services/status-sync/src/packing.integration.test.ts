/** Whom the parcels of an account are packed for, and what becomes of its orders while nobody has said it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { explain } from '@lazada-sof/orders';
import { openStatusSync, PACK, READY, type StatusSync } from './status-sync.fixture.ts';

const PROVIDERS = '/order/shipment/providers/get';
const NINJA = { name: 'Ninja Van', code: 'NV' };
const FLEET = { name: 'Seller Own Fleet', code: 'SOF' };
const DBS = { name: 'Delivered by Seller', code: 'DBS' };

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

let made = 0;
/** An account whose parcels its seller allocates, to one of these. */
async function chooser(providers: object[], columns: object = {}) {
  const name = `chooser-${++made}`;
  return stage.addAccount(name, { ...columns }, { allocateType: 'NTFS', providers });
}
const standing = async (accountId: string) =>
  (await stage.sql('select status, status_reason from account.lazada where id = $1', [accountId]))[0];
const set = (accountId: string, assignment: string) =>
  stage.sql(`update account.lazada set ${assignment} where id = $1`, [accountId]);
const rowOf = async (number: string) => (await stage.order(number)).steps.find(({ step }) => step === 'ready_to_ship');
const isDue = async (number: string) =>
  (
    await stage.sql(
      'select l.next_attempt_at <= now() as due from public.order_lazada l join public.orders o on o.id = l.order_id where o.order_number = $1',
      [number],
    )
  )[0]?.due;
const calls = async () => (await stage.lazada.counts()).calls;

const eventsOfAccount = (accountId: unknown) =>
  stage.sql('select kind from public.order_lazada_event where account_id = $1', [accountId]);

describe('an account that names no shipment provider', () => {
  test('is packed for its own fleet, asked for once for all its orders', async () => {
    const { name } = await chooser([NINJA, FLEET]);
    const numbers = [];
    for (let n = 0; n < 3; n += 1) numbers.push(await stage.addOrderToShip({ account: name }));
    for (const number of numbers) expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    for (const number of numbers) expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    expect([(await calls())[PROVIDERS], (await stage.lazada.counts()).refusals]).toEqual([1, {}]);
  });

  test.each([
    ['two own fleets', [FLEET, DBS], /"Seller Own Fleet" \(SOF\), "Delivered by Seller" \(DBS\)/],
    ['none', [NINJA], /"Ninja Van" \(NV\)/],
    ['nobody at all', [], /offers none/],
  ])(
    'and is offered %s: nothing is packed, nobody is blocked or parked, and what is offered is said',
    async (_, providers, offered) => {
      const { name, accountId } = await chooser(providers);
      const numbers = [await stage.addOrderToShip({ account: name }), await stage.addOrderToShip({ account: name })];
      for (const number of numbers) expect(await stage.sync(number)).toEqual({ outcome: 'done' });
      expect(await standing(accountId)).toEqual({ status: 'active', status_reason: expect.stringMatching(offered) });
      for (const number of numbers) {
        const order = await stage.order(number);
        expect(order).toMatchObject({ updateShipping: true, summary: { blockedStep: null, holdReason: null } });
        expect(await rowOf(number)).toMatchObject({ tries: 0, blocked: false, errorCode: 'unknown_provider' });
        const why = explain(order, new Date()).find(({ check }) => check === 'allocation');
        expect(why).toEqual({
          check: 'allocation',
          ok: false,
          detail: expect.stringMatching(offered),
          fix: expect.stringContaining(`account ${name}`),
        });
      }
      expect((await calls())[PACK]).toBeUndefined();
      expect(await eventsOfAccount(accountId)).toEqual([]);
      expect(stage.lines.filter(({ account }) => account === name)).toMatchObject([{ level: 'warn' }]);
    },
  );
});

describe('orders of an account whose shipment provider is not on offer', () => {
  const waiting = async () => {
    const account = await chooser([NINJA], { shipment_provider: 'Grab' });
    const numbers = [];
    for (let n = 0; n < 2; n += 1) numbers.push(await stage.addOrderToShip({ account: account.name }));
    for (const number of numbers) await stage.sync(number);
    return { ...account, numbers };
  };

  test('wait without a try, however often they are looked at', async () => {
    const { accountId, numbers } = await waiting();
    const [number = ''] = numbers;
    for (let look = 0; look < 20; look += 1) {
      await stage.timePasses(number);
      expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    }
    expect(await rowOf(number)).toMatchObject({ tries: 0, blocked: false });
    expect(await standing(accountId)).toMatchObject({
      status_reason: expect.stringContaining('which offers "Ninja Van"'),
    });
    expect((await calls())[PROVIDERS]).toBe(1);
  });

  test('all go on at once when the account is corrected', async () => {
    const { accountId, numbers } = await waiting();
    expect(await Promise.all(numbers.map(isDue))).toEqual([false, false]);
    await set(accountId, "shipment_provider = 'ninja van'");
    expect(await Promise.all(numbers.map(isDue))).toEqual([true, true]);
    for (const number of numbers) expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    for (const number of numbers) expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    expect(await standing(accountId)).toEqual({ status: 'active', status_reason: null });
  });

  test('all go on at once when one of them shows that it was mended at Lazada', async () => {
    const { accountId, sellerId, name, numbers } = await waiting();
    const [first = '', second = ''] = numbers;
    await stage.lazada.patch(`/control/accounts/${sellerId}`, { providers: [NINJA, { name: 'Grab', code: 'G' }] });
    // As "account test" does.
    await stage.db.accounts.unpark(accountId);
    expect(await Promise.all(numbers.map(isDue))).toEqual([true, true]);
    expect(await stage.sync(first)).toEqual({ outcome: 'done' });
    expect([await stage.statesOf(first), await stage.statesOf(second)]).toEqual([['ready_to_ship'], []]);
    expect(await stage.sync(second)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(second)).toEqual(['ready_to_ship']);
    expect(await standing(accountId)).toEqual({ status: 'active', status_reason: null });
    expect(stage.lines.filter(({ account }) => account === name)).toHaveLength(1);
  });

  test('an answer of before the correction is not held against the account', async () => {
    const { accountId, name } = await chooser([NINJA], { shipment_provider: 'Grab' });
    const number = await stage.addOrderToShip({ account: name });
    let slots = 0;
    stage.limiter.meanwhile = async () => {
      slots += 1;
      // Of the read, of Pack, of the look-up: by then the order is in hand.
      if (slots === 3) await set(accountId, "shipment_provider = 'Ninja Van'");
    };
    await stage.sync(number);
    expect(await stage.statesOf(number)).toEqual([]);
    expect(await standing(accountId)).toEqual({ status: 'active', status_reason: null });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
  });
});

test('what is packed already is set ready while the rest waits to be packed', async () => {
  const { name, sellerId, accountId } = await chooser([FLEET]);
  const number = await stage.addOrderToShip({ account: name, items: 2, script: { itemsPerPackage: 1 } });
  const [item] = (await stage.lazada.order(number)).items;
  await stage.lazada.post(`/control/orders/${number}/events`, { event: 'pack', items: [item?.orderItemId] });
  await stage.lazada.patch(`/control/accounts/${sellerId}`, { providers: [NINJA] });
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
  expect([(await calls())[PACK], (await calls())[READY]]).toEqual([undefined, 1]);
  expect(await standing(accountId)).toMatchObject({ status_reason: expect.stringContaining('Ninja Van') });
});

test('a look-up that fails costs a try, like any call', async () => {
  const { name, sellerId } = await chooser([FLEET]);
  const number = await stage.addOrderToShip({ account: name });
  await stage.lazada.post('/faults', { api: 'lazada', account: sellerId, path: PROVIDERS, status: 502, times: 1 });
  expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: 'http_502' });
  await stage.timePasses(number);
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
});
