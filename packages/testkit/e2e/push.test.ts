/** What happens at Lazada without us is known at once where Lazada pushes, and not only at the daily read. */
import { afterAll, beforeAll, test } from '@jest/globals';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

await describeOnRedis("Lazada's pushes", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'api'],
    });
    await stage.addAccount('demo-sg');
    await stage.lazada.post('/control/behaviour', { pushUrl: `${stage.system.url('api')}/webhooks/lazada` });
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  test('an order that the buyer cancels is cancelled here, long before its daily read', async () => {
    const [number = ''] = await stage.addOrders({
      account: 'demo-sg',
      items: 1,
      script: { trackingAfterSeconds: 3_600 },
    });
    await stage.reaches(number, { state: 'ready_to_ship' });
    await stage.sql(NOT_BEFORE_TOMORROW, [number]);
    await stage.lazada.post(`/control/orders/${number}/events`, { event: 'cancel' });
    await stage.reaches(number, { status: 'cancelled' });
  }, 60_000);
});

/** Nothing but a push reads it before. */
const NOT_BEFORE_TOMORROW = `
  with the_order as (select id from public.orders where order_number = $1),
       rows as (update public.order_lazada_step set due_at = now() + interval '1 day' where order_id = (select id from the_order))
  update public.order_lazada set next_attempt_at = now() + interval '1 day' where order_id = (select id from the_order)`;
