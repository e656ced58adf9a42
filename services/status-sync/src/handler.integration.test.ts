import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { OwedStep } from '@lazada-sof/orders';
import { openStatusSync, type StatusSync } from './status-sync.fixture.ts';

const READ = '/order/items/get';

let stage: StatusSync;
beforeAll(async () => {
  stage = await openStatusSync();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const ofOrder = 'where order_id = (select id from public.orders where order_number = $1)';
/** An order of which `shipped` was accepted a while ago, and whose items were last read before that. */
async function accepted(script: object = {}): Promise<string> {
  const number = await stage.addReadyOrder({ script });
  await stage.sync(number);
  await stage.sql(
    `update public.order_lazada_package set shipped_sent_at = shipped_sent_at - interval '20 s' ${ofOrder}`,
    [number],
  );
  await readAgo(number, '1 min');
  return number;
}
const readAgo = (orderNumber: string, ago: string) =>
  stage.sql(`update public.order_lazada set items_read_at = items_read_at - $2::interval ${ofOrder}`, [
    orderNumber,
    ago,
  ]);
const eventsOf = async (orderNumber: string) => {
  const { orderId } = await stage.order(orderNumber);
  return (await stage.db.events.ofOrder(orderId)).map(({ kind }) => kind);
};

describe('a confirmation that is due', () => {
  test('is done where the items show the status; else they are read again later', async () => {
    const [shown, swallowed] = [await accepted(), await accepted({ swallow: ['shipped'] })];
    await stage.calm();
    const ends = await Promise.all([stage.sync(shown), stage.sync(swallowed)]);
    expect(ends).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
    expect((await stage.order(shown)).packages).toMatchObject([{ state: 'shipped', confirmedAt: expect.any(Date) }]);
    expect((await stage.order(swallowed)).packages).toMatchObject([{ state: 'shipped', confirmedAt: null }]);
    expect([await eventsOf(shown), await eventsOf(swallowed)]).toEqual([
      expect.arrayContaining(['status_accepted', 'status_confirmed']),
      expect.not.arrayContaining(['status_confirmed']),
    ]);
    expect((await stage.lazada.counts()).calls['sof/status']).toBeUndefined();
    // Not before the next rung.
    expect([await stage.sync(shown), await stage.sync(swallowed)]).toEqual([
      { outcome: 'superseded' },
      { outcome: 'superseded' },
    ]);
  });

  test('costs a try where the items cannot be read, and the status stands', async () => {
    const number = await accepted();
    await stage.lazada.post('/faults', { path: READ, drop: 'half', times: 1 });
    expect(await stage.sync(number)).toMatchObject({ outcome: 'retried' });
    expect(await stage.order(number)).toMatchObject({
      packages: [{ state: 'shipped', confirmedAt: null }],
      steps: [{ step: 'confirm', tries: 1, blocked: false }],
    });
  });
});

test('a look that is due finds what happened to the order at Lazada', async () => {
  const number = await stage.addReadyOrder({ script: { trackingAfterSeconds: 3_600 } });
  await stage.lazada.post(`/control/orders/${number}/events`, { event: 'cancel' });
  await readAgo(number, '25 h');
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(await stage.order(number)).toMatchObject({
    packages: [{ state: 'cancelled' }],
    summary: { status: 'cancelled' },
  });
});

test('a hold that begins is written down, once, and nobody is asked', async () => {
  const number = await stage.addReadyOrder({ script: { trackingAfterSeconds: 3_600 } });
  await stage.sql(`update public.order_lazada set update_delivered = 1 ${ofOrder}`, [number]);
  await stage.calm();
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect((await stage.order(number)).summary.holdReason).toBe('awaiting_tracking');
  expect(await stage.sync(number)).toEqual({ outcome: 'superseded' });
  expect((await eventsOf(number)).filter((kind) => kind === 'held')).toEqual(['held']);
  expect((await stage.lazada.counts()).calls).toEqual({});
});

test.each<OwedStep>([
  { step: 'tracking', ref: '1' },
  { step: 'invoice_fetch', ref: '' },
  { step: 'invoice_upload', ref: '1' },
])("$step is another worker's: to be handed it is a mistake of ours, and is told", async (step) => {
  const number = await stage.addReadyOrder();
  const misled = stage.job((_owed, context) => stage.perform(step, context));
  expect(await stage.run(misled, number)).toMatchObject({
    outcome: 'retried',
    code: 'unexpected',
    reason: `demo-sg/${number}: ${step.step} is another worker's step`,
  });
});

test('a flag on an order that nobody has read yet does not wait for other callers: it is at SOF within two seconds', async () => {
  const number = await stage.addOrder({ status: 'ready_to_ship' });
  await stage.sql('update public.orders set update_shipping = 0 where order_number = $1', [number]);
  await stage.sql(`update public.order_lazada set update_delivered = 1 ${ofOrder}`, [number]);
  const began = performance.now();
  expect(await stage.sync(number)).toEqual({ outcome: 'done' });
  expect(Math.floor((performance.now() - began) / 1_000)).toBeLessThan(2);
  expect((await stage.order(number)).packages).toMatchObject([{ state: 'delivered' }]);
});
