import { orderPath } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { findOrder } from './find-order.ts';
import { accepted, takenOf } from './taken.ts';

type Options = { package?: string; json?: boolean };

export function orderWithdrawCommand(order: Command): void {
  const command = order
    .command('withdraw')
    .argument('<account>')
    .argument('<order-number>')
    .description('take back what was said of it and has not been sent: ends, ready to ship, the time of shipped')
    .option('--package <package-id>', "only what was said of this package alone, by Lazada's id")
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { package: packageId, json = false }: Options) => {
      const answer = await withDb(readConfig(['database']), async (db) => {
        const { order: found } = await findOrder(db, account, orderNumber);
        return db.updates.take(found.orderId, { status: 'withdraw', ...(packageId !== undefined && { packageId }) });
      });
      const { updateId, sent } = takenOf(answer, { account, orderNumber, what: 'withdrawn' });
      const print = printer(json);
      print.text(`Withdrew ${account}/${orderNumber}: what was said of it and was not sent.${accepted(sent)}`);
      print.json({
        updateId,
        order: orderPath(account, orderNumber),
        sent,
      });
    });
  withExample(command, 'demo-sg 400100000214683 --package FP1400100000214683');
}
