import type { Db } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { findOrder } from './find-order.ts';
import { takenOf } from './taken.ts';

export function orderReleaseCommand(order: Command): void {
  const command = order
    .command('release')
    .argument('<account>')
    .argument('<order-number>')
    .description('end everything on it that a person can end: a wait for release, a blocked step, a mismatch')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const ended = await withDb(readConfig(['database']), (db) => release(db, account, orderNumber));
      const print = printer(json);
      print.text(`Released ${account}/${orderNumber}: ${ended.join(', ')}.`);
      print.json({ released: ended });
    });
  withExample(command, 'demo-sg 400100000214683');
}

/** What that ended. @throws CommandFailed that says why not */
async function release(db: Db, account: string, orderNumber: string): Promise<string[]> {
  const { orderId } = (await findOrder(db, account, orderNumber)).order;
  const answer = await db.updates.take(orderId, { status: 'release' });
  const { updateId } = takenOf(answer, { account, orderNumber, what: 'released' });
  return endedBy(db, orderId, updateId);
}

async function endedBy(db: Db, orderId: string, updateId: string): Promise<string[]> {
  const event = (await db.events.ofOrder(orderId)).find(({ eventId }) => eventId === updateId);
  // As the rule of a release writes it.
  return (event?.data.ended ?? []) as string[];
}
