import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openStatusSync, PACK, READY, type StatusSync } from './status-sync.fixture.ts';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

describe('an order that the host wants ready to ship', () => {
  test('done: it is packed and set ready, the flag goes back, and the other workers hear of it', async () => {
    const number = await stage.addOrderToShip({ items: 3, script: { itemsPerPackage: 2 } });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    const { packages, updateShipping, steps, summary } = await stage.order(number);
    const ready = { state: 'ready_to_ship', trackingNumber: null, readyToShipAt: expect.any(Date) };
    expect(packages).toMatchObject([ready, ready]);
    const lazadas = (await stage.lazada.order(number)).packages;
    expect(packages.map((one) => one.packageId).toSorted()).toEqual(lazadas.map((one) => one.packageId).toSorted());
    expect({ updateShipping, steps, status: summary.status }).toEqual({
      updateShipping: false,
      steps: [],
      status: 'ready_to_ship',
    });
    expect(new Set(stage.woken)).toEqual(new Set(['fetch-tracking', 'fetch-invoice']));
  });

  test('run twice: the second finds nothing to do and asks nobody', async () => {
    const number = await stage.addOrderToShip();
    await stage.sync(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
    expect([await stage.lazada.asked(PACK, number), await stage.lazada.asked('/order/items/get', number)]).toEqual([
      1, 1,
    ]);
  });

  test.each([
    ['Pack', PACK],
    ['ready to ship', READY],
  ])('already done: where the answer to %s was lost, the next try finds it and does not repeat it', async (_, call) => {
    const number = await stage.addOrderToShip();
    await stage.lazada.post('/faults', { api: 'lazada', path: call, drop: 'after', times: 1 });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: 'reset' });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    expect((await stage.order(number)).updateShipping).toBe(false);
    const { calls, refusals } = await stage.lazada.counts();
    expect({ pack: calls[PACK], ready: calls[READY], refusals }).toEqual({ pack: 1, ready: 1, refusals: {} });
  });

  test.each([
    ['Pack', PACK],
    ['ready to ship', READY],
  ])('a yes to %s that names nothing is read back: nothing is blocked, and nothing repeated', async (_, call) => {
    const number = await stage.addOrderToShip();
    const body = { code: '0', result: { success: true } };
    await stage.lazada.post('/faults', { api: 'lazada', path: call, body, processed: true, times: 1 });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried', code: 'empty_answer' });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    const { calls, refusals } = await stage.lazada.counts();
    expect({ pack: calls[PACK], ready: calls[READY], refusals }).toEqual({ pack: 1, ready: 1, refusals: {} });
  });

  test('set ready by hand at Lazada: its packages are taken over', async () => {
    const number = await stage.addOrderToShip({ status: 'ready_to_ship' });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    const { calls } = await stage.lazada.counts();
    expect([calls[PACK], calls[READY]]).toEqual([undefined, undefined]);
  });

  test('of an account with the retired call: all items are set ready in one', async () => {
    await stage.addAccount('legacy', { sof_rts: 'legacy' }, { retiredCalls: true });
    const number = await stage.addOrderToShip({ account: 'legacy', items: 2 });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship']);
    const { calls } = await stage.lazada.counts();
    expect([calls['/order/rts'], calls[PACK], calls[READY]]).toEqual([1, undefined, undefined]);
  });

  test.each([
    {
      says: 'whose items are all cancelled is left, and its flag goes back',
      items: [{ status: 'canceled' }],
      wanted: { updateShipping: false, summary: { status: 'cancelled', holdReason: null } },
    },
    {
      says: 'of another courier is held',
      items: [{ isSof: false }],
      wanted: { updateShipping: true, summary: { holdReason: 'not_sof' } },
    },
    {
      says: 'whose buyer asked to cancel is held',
      items: [{ isCancelPending: true }, {}],
      wanted: { updateShipping: true, summary: { holdReason: 'cancel_pending' } },
    },
  ])('$says, and nothing is packed', async ({ items, wanted }) => {
    const number = await stage.addOrderToShip({ items });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.order(number)).toMatchObject({ ...wanted, packages: [] });
    expect(await stage.lazada.asked(PACK, number)).toBe(0);
  });

  test('not ready: what is not paid yet is waited for, and the rest goes on', async () => {
    const number = await stage.addOrderToShip({ items: [{}, { status: 'unpaid' }] });
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.order(number)).toMatchObject({
      updateShipping: true,
      packages: [{ state: 'ready_to_ship' }],
      steps: expect.arrayContaining([
        expect.objectContaining({
          step: 'ready_to_ship',
          ref: '',
          tries: 0,
          blocked: false,
          dueAt: expect.any(Date),
          errorCode: 'ready_to_ship_pending',
        }),
      ]),
    });
    await stage.lazada.post(`/control/orders/${number}/events`, { event: 'pay' });
    await stage.timePasses(number);
    expect(await stage.sync(number)).toEqual({ outcome: 'done' });
    expect(await stage.statesOf(number)).toEqual(['ready_to_ship', 'ready_to_ship']);
    expect((await stage.order(number)).updateShipping).toBe(false);
  });
});
