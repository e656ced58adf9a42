/** Another system speaks of an order through the queue alone, from ready to ship to its end. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnEachQueue } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';
import { openUpdateSender, type UpdateSender } from './update-sender.ts';

await describeOnEachQueue('another system', (queue) => {
  let stage: Stage;
  let erp: UpdateSender;
  beforeAll(async () => {
    const services = ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'order-update'] as const;
    stage = await openStage({ queue, services });
    erp = await openUpdateSender(stage.system);
    await stage.addAccount('demo-sg');
    await stage.lazada.post('/control/behaviour', { visibleAfterSeconds: 0 });
  }, 60_000);
  afterAll(async () => {
    await erp?.close();
    await stage?.close();
  }, 60_000);

  test('that says ready to ship and later delivered sees the order confirmed at Lazada', async () => {
    const [orderNumber = ''] = await stage.addOrders({ account: 'demo-sg' }, {});
    const order = { account: 'demo-sg', orderNumber };
    expect(await erp.send({ ...order, status: 'ready_to_ship' })).toMatchObject({
      state: 'completed',
      answer: { order: `/v1/orders/demo-sg/${orderNumber}`, sent: [] },
    });
    await stage.reaches(orderNumber, { state: 'shipped' }, 60_000);
    const occurredAt = new Date();
    await erp.send({ ...order, status: 'delivered', occurredAt: occurredAt.toISOString(), requestId: 'd-1' });
    await stage.reaches(orderNumber, { state: 'delivered' }, 60_000);
    await stage.reaches(orderNumber, { package_confirmed: true }, 60_000);
    const { accepted, duplicates } = await stage.lazada.counts();
    expect({ accepted, duplicates }).toEqual({ accepted: { shipped: 1, delivered: 1 }, duplicates: 0 });
    expect((await stage.order(orderNumber)).package_delivered_at).toEqual(occurredAt);
    // The same again, as a sender does that never got its answer.
    expect(await erp.send({ ...order, status: 'delivered', requestId: 'd-1' })).toMatchObject({ state: 'completed' });
    // What Lazada has accepted stays, and is told to whoever takes back what stands, or says otherwise.
    const sent = [{ packageId: expect.any(String), status: 'delivered', sentAt: expect.any(String) }];
    expect(await erp.send({ ...order, status: 'withdraw' })).toMatchObject({ state: 'completed', answer: { sent } });
    expect(await erp.send({ ...order, status: 'not_delivered' })).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(`^demo-sg/${orderNumber}: status "not_delivered": .* is already delivered`),
    });
  }, 240_000);
});
