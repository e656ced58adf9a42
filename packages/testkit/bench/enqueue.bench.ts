/** The scheduler's whole round (claim, load, plan, enqueue) against BullMQ's bare addBulk of as many jobs. */
import { type Claim, isPassing, openDb } from '@lazada-sof/db';
import { openLimiter, openProducer } from '@lazada-sof/queue';
import { createBacklog } from '../../../services/scheduler/src/backlog.ts';
import { createPace } from '../../../services/scheduler/src/pace.ts';
import { round } from '../../../services/scheduler/src/round.ts';
import { openTestDatabase } from '../src/servers/test-database.ts';
import { openTestQueue } from '../src/servers/test-queue.ts';
import { bench } from './bench.ts';
import { openBareQueue } from './floors/add-bulk.ts';
import { inTurns, perSecond } from './measure.ts';
import { addAccounts, addShippedOrders, DELIVER } from './orders.ts';
import { openServers } from './servers.ts';

const OPTIONS = { usual: { rounds: 7, orders: 10_000, accounts: 10 }, quick: { rounds: 3 } };

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { rounds, orders, accounts } = options;
  closing(await openServers());
  const database = closing(await openTestDatabase());
  const db = openDb({ url: database.as('services'), source: 'scheduler' });
  closing(db);
  await addAccounts(database.sql, accounts);
  await addShippedOrders(database.sql, orders);
  await database.sql(DELIVER);

  async function roundsOfTheScheduler(): Promise<number> {
    await database.sql('update public.order_lazada set next_attempt_at = now()');
    const queue = await openTestQueue('redis');
    const producer = await openProducer(queue);
    // No worker takes anything up, and nothing is held back: what is measured is the way into the queue.
    const { take: claim, rest, giveBack, shelve, untouched } = db.claims;
    const limiter = await openLimiter({ ...queue, perSecond: {} });
    const sharing = {
      pauses: limiter.pauses,
      pace: createPace({ rates: { lazada: 100_000, sofp: 100_000 } }),
      backlog: createBacklog<Claim>({ untouched, short: orders, full: orders }),
    };
    const tools = { claim, load: db.orders.load, rest, giveBack, shelve, isPassing, enqueue: producer.add, ...sharing };
    try {
      return await perSecond(orders, async () => {
        while ((await round({ ...tools, broken })).claimed > 0);
      });
    } finally {
      await Promise.all([producer.close(), limiter.close()]);
      await queue.close();
    }
  }

  async function bareBulks(): Promise<number> {
    const queue = await openTestQueue('redis');
    const bare = await openBareQueue(queue);
    const speed = await perSecond(orders, () => bare.add(orders));
    await bare.close();
    await queue.close();
    return speed;
  }

  const medians = await inTurns({
    title: `${orders.toLocaleString('en')} orders of ${accounts} accounts into the queue, no worker running`,
    unit: 'jobs/s',
    rounds,
    ways: { 'bare addBulk 1000': bareBulks, 'claim, load, plan, add': roundsOfTheScheduler },
  });
  row('P7', { ours: medians['claim, load, plan, add'], floor: medians['bare addBulk 1000'] });
});

function broken(orderId: string, error: unknown): never {
  throw new Error(`order ${orderId} cannot be planned`, { cause: error });
}
