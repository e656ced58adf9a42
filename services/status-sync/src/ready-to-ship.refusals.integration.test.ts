import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { byForce, openStatusSync, PACK, READY, type StatusSync } from './status-sync.fixture.ts';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const accountNamed = async (name: string) =>
  (await stage.sql('select status, status_reason from account.lazada where name = $1', [name]))[0];

const eventsOfAccount = (accountId: unknown) =>
  stage.sql('select kind from public.order_lazada_event where account_id = $1', [accountId]);

describe('where Lazada does not go along', () => {
  const rowsOf = async (orderNumber: string) =>
    (await stage.order(orderNumber)).steps.filter(({ step }) => step === 'ready_to_ship');

  test('rejected: a refused package blocks its own step, the others go on, and force tries it again', async () => {
    const trouble = [{ call: READY, code: '700009', message: 'not delivered by the seller', retry: false }];
    const number = await stage.addOrderToShip({ items: 3, script: { itemsPerPackage: 1, trouble } });
    const label = `demo-sg/${number}: ready to ship of demo-sg`;
    expect(await stage.sync(number)).toMatchObject({
      outcome: 'failed',
      code: '700009',
      reason: expect.stringContaining(label),
    });
    expect(await stage.statesOf(number)).toEqual(['packed', 'ready_to_ship', 'ready_to_ship']);
    const { packages, updateShipping, summary } = await stage.order(number);
    const refused = packages.find(({ state }) => state === 'packed');
    expect(await rowsOf(number)).toMatchObject([{ ref: refused?.id, blocked: true, errorCode: '700009', tries: 1 }]);
    expect({ updateShipping, blocked: summary.blockedStep }).toEqual({
      updateShipping: true,
      blocked: 'ready_to_ship',
    });

    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect(await stage.lazada.asked(READY, String(refused?.packageId))).toBe(1);

    expect(await stage.sync(number, byForce('ready_to_ship'))).toEqual({
      outcome: 'done',
    });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship', 'ready_to_ship', 'ready_to_ship']);
    expect(await rowsOf(number)).toEqual([]);
    expect((await stage.order(number)).updateShipping).toBe(false);
  });

  test('rejected: what failed before as a whole is over where one package is refused and the rest went through', async () => {
    const trouble = [{ call: READY, code: '700009', retry: false }];
    const number = await stage.addOrderToShip({ items: 2, script: { itemsPerPackage: 1, trouble } });
    await stage.lazada.post('/faults', { path: PACK, times: 1, status: 502 });
    await stage.sync(number);
    expect(await rowsOf(number)).toMatchObject([{ ref: '', tries: 1 }]);
    await stage.timePasses(number);
    expect(await stage.sync(number)).toMatchObject({ outcome: 'failed', code: '700009' });
    const refused = (await stage.order(number)).packages.find(({ state }) => state === 'packed');
    expect(await rowsOf(number)).toMatchObject([{ ref: refused?.id, blocked: true }]);
  });

  test('rejected: items that Pack refuses have rows of their own', async () => {
    const number = await stage.addOrderToShip({
      items: 2,
      script: { trouble: [{ call: PACK, code: '700009', retry: false }] },
    });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'failed', code: '700009' });
    const items = (await stage.lazada.order(number)).items.map(({ orderItemId }) => orderItemId);
    const rows = await rowsOf(number);
    expect(rows.map(({ ref }) => ref).toSorted()).toEqual(items.toSorted());
    expect(rows).toMatchObject([{ blocked: true }, { blocked: true }]);
  });

  test('rejected: an order that Lazada does not know is blocked as a whole', async () => {
    await stage.sql(
      "insert into public.orders (account_id, order_number, update_shipping, tool_status) select id, '999', 1, 'ready_for_delivery' from account.lazada where name = 'demo-sg'",
    );
    expect(await stage.sync('999')).toMatchObject({ outcome: 'failed', code: '16' });
    expect(await rowsOf('999')).toMatchObject([{ ref: '', blocked: true, errorCode: '16' }]);
  });

  test.each([
    { says: 'an answer of 502', fault: { path: '/order/items/get', status: 502 }, code: 'http_502' },
    {
      says: 'an answer without the items',
      fault: { path: '/order/items/get', body: { code: '0' } },
      code: 'empty_answer',
    },
    { says: 'a page instead of an answer', fault: { path: PACK, body: '<html>' }, code: 'not_json' },
    {
      says: 'a service that is out of time',
      fault: { path: PACK, body: { code: 'ServiceTimeout' } },
      code: 'ServiceTimeout',
    },
  ])('transient: $says costs a try, and the next one goes through', async ({ fault, code }) => {
    const number = await stage.addOrderToShip();
    await stage.lazada.post('/faults', { api: 'lazada', times: 1, ...fault });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code });
    expect(await rowsOf(number)).toMatchObject([{ ref: '', tries: 1, blocked: false, errorCode: code }]);
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    expect(await rowsOf(number)).toEqual([]);
  });

  test('transient: an element that is busy makes the step try again', async () => {
    const number = await stage.addOrderToShip({ script: { trouble: [{ call: READY }] } });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: '700024' });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    expect(await stage.lazada.asked(PACK, number)).toBe(1);
  });

  test('rate-limited: the step waits without a try, and the account stays away', async () => {
    const number = await stage.addOrderToShip();
    await stage.lazada.post('/control/behaviour', { limits: [{ call: PACK, perSecond: 0, banSeconds: 500 }] });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await rowsOf(number)).toMatchObject([
      { ref: '', tries: 0, blocked: false, errorCode: 'ApiCallLimit', dueAt: expect.any(Date) },
    ]);
    expect(stage.limiter.journal).toContain('pause account 501000');
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect(await stage.lazada.asked(PACK, number)).toBe(1);
  });

  test('misconfigured: tokens that have ended park the account, and the order keeps no trace of it', async () => {
    const { sellerId } = await stage.addAccount('no-consent');
    const number = await stage.addOrderToShip({ account: 'no-consent' });
    await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await accountNamed('no-consent')).toMatchObject({
      status: 'reauth_required',
      status_reason: expect.stringContaining('IllegalRefreshToken'),
    });
    expect(await rowsOf(number)).toEqual([]);
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
  });

  test.each([
    ['AppWhiteIpLimit', { code: 'AppWhiteIpLimit', message: 'source ip is not in the white list' }],
    [
      'a parameter missing that stands in every call',
      { code: 'MissingParameter', message: 'parameter “sign” missing' },
    ],
  ])('misconfigured: %s parks the account once, and none of its orders uses up a try', async (_says, body) => {
    const account = `not-let-in-${body.code}`;
    const { sellerId, accountId } = await stage.addAccount(account);
    const numbers = [await stage.addOrderToShip({ account }), await stage.addOrderToShip({ account })];
    const fault = { api: 'lazada', account: sellerId, path: '/orders/items/get', body };
    await stage.lazada.post('/faults', fault);
    await stage.lazada.post('/faults', { ...fault, path: '/order/items/get' });
    const ends = await Promise.all(numbers.map((number) => stage.sync(number)));
    // Superseded: the account was parked by then.
    for (const { outcome } of ends) expect(['done', 'superseded']).toContain(outcome);
    expect(await accountNamed(account)).toMatchObject({
      status: 'auth_failed',
      status_reason: expect.stringContaining(body.message),
    });
    expect((await eventsOfAccount(accountId)).map(({ kind }) => kind)).toEqual(['account_parked']);
    for (const number of numbers) expect(await rowsOf(number)).toEqual([]);
  });

  test('an order that the host deletes meanwhile is superseded', async () => {
    const number = await stage.addOrderToShip();
    stage.limiter.meanwhile = async () => {
      await stage.sql('delete from public.orders where order_number = $1', [number]);
    };
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect(await stage.lazada.asked(PACK, number)).toBe(0);
  });
});
