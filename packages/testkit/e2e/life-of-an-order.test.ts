/** The whole story, told once per queue: from "ready to ship" in the host's table to "delivered" at Lazada. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnEachQueue } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

await describeOnEachQueue('the life of an order', (queue) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue,
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'],
    });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  test('marked ready, it is packed, ready to ship, numbered and shipped', async () => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 2 });
    const row = await stage.reaches(number, { state: 'shipped', update_shipping: 0, status: 'shipped' });
    expect(row.tracking_number).toBeTruthy();
    expect(await stage.lazada.statuses(number)).toEqual([['shipped']]);
  }, 30_000);
});
