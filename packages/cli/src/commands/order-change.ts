import type { Db } from '@lazada-sof/db';
import { type Changed, type Decide, type Order, plan, release, resend } from '@lazada-sof/orders';
import { type JobRequest, jobFor } from '@lazada-sof/queue';
import type { Command } from 'commander';
import { Failed } from '../ending.ts';
import { printer } from '../output.ts';
import { withDb, withQueue } from '../tools.ts';
import { findOrder } from './find-order.ts';

export function orderChangeCommands(order: Command): void {
  order
    .command('release')
    .argument('<account>')
    .argument('<order-number>')
    .description('end everything on it that a person can end: a wait for release, a blocked step, a mismatch')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const ended = await withDb(async (db) => {
        const { order: found } = await findOrder(db, account, orderNumber);
        return endedBy(db, found, release);
      });
      if (ended.length === 0)
        throw new Failed(
          `nothing on ${account}/${orderNumber} can be released; see: npm run sof -- order explain ${account} ${orderNumber}`,
        );
      const print = printer(json);
      print.text(`Released ${account}/${orderNumber}: ${ended.join(', ')}.`);
      print.json({ released: ended });
    });

  order
    .command('send')
    .argument('<account>')
    .argument('<order-number>')
    .description('try now what is owed, what is blocked, and what Lazada accepted and does not show')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const jobs = await withDb(async (db) => {
        const { order: found } = await findOrder(db, account, orderNumber);
        await endedBy(db, found, resend);
        const fresh = await findOrder(db, account, orderNumber);
        return forcedJobs(fresh.order, fresh.now);
      });
      if (jobs.length === 0)
        throw new Failed(
          `nothing of ${account}/${orderNumber} can be sent; see: npm run sof -- order explain ${account} ${orderNumber}`,
        );
      await withQueue((producer) => producer.add(jobs));
      const print = printer(json);
      print.text(`Sending ${account}/${orderNumber} now: ${jobs.map(({ name }) => name).join(', ')}.`);
      print.json({ jobs: jobs.map(({ name }) => name) });
    });
}

/** What the change ended, by the event that tells of it; empty where there was nothing to end. */
async function endedBy(
  db: Db,
  order: Order,
  decide: (order: Order, now: Date) => ReturnType<Decide>,
): Promise<string[]> {
  let ended: string[] = [];
  const changed: Changed | 'busy' | 'gone' = await db.doors.change(order.orderId, (fresh, now) => {
    const change = decide(fresh, now);
    ended = (change?.events ?? []).flatMap(({ kind, data }) => (kind === 'released' ? (data?.ended as string[]) : []));
    return change;
  });
  if (changed === 'busy') throw new Failed(`order ${order.orderNumber} is being written by somebody else; try again`);
  return ended;
}

function forcedJobs(order: Order, now: Date): JobRequest[] {
  const jobs = plan(order, now, { force: true }).owed.map((step) => jobFor(order.orderId, step));
  const forced = jobs.map(({ name, data }) => ({ name, data: { ...data, force: true } }) as JobRequest);
  return [...new Map(forced.map((job) => [JSON.stringify(job), job])).values()];
}
