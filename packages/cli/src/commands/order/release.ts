import { release } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { applyChange } from './apply-change.ts';
import { nothingToDo } from './explain-hint.ts';
import { findOrder } from './find-order.ts';

export function orderReleaseCommand(order: Command): void {
  const command = order
    .command('release')
    .argument('<account>')
    .argument('<order-number>')
    .description('end everything on it that a person can end: a wait for release, a blocked step, a mismatch')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const ended = await withDb(readConfig(['database']), async (db) => {
        const { order: found } = await findOrder(db, account, orderNumber);
        return applyChange(db, found, release);
      });
      if (ended.length === 0) throw nothingToDo('be released', account, orderNumber);
      const print = printer(json);
      print.text(`Released ${account}/${orderNumber}: ${ended.join(', ')}.`);
      print.json({ released: ended });
    });
  withExample(command, 'demo-sg 400100000214683');
}
