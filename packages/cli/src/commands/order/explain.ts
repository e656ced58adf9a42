import { type Explanation, explain } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { findOrder } from './find-order.ts';

export function orderExplainCommand(order: Command): void {
  const command = order
    .command('explain')
    .argument('<account>')
    .argument('<order-number>')
    .description('why was this not sent?')
    .option('--all', 'also the checks that passed')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { all = false, json = false }: ExplainOptions) => {
      const { order: found, now } = await withDb(readConfig(['database']), (db) => findOrder(db, account, orderNumber));
      const checks = explain(found, now);
      const failing = checks.filter(({ ok }) => !ok);
      const print = printer(json);
      for (const check of all ? checks : failing) print.text(describeCheck(check));
      const last = checks.at(-1);
      if (failing.length === 0) print.text(`Nothing stops ${account}/${orderNumber}. ${last?.detail ?? ''}`);
      else if (last?.check === 'turn' && !all) print.text(describeCheck(last));
      print.json(checks);
    });
  withExample(command, 'demo-sg 400100000214683');
}

type ExplainOptions = { all?: boolean; json?: boolean };

const describeCheck = ({ check, ok, detail, fix }: Explanation) =>
  `${ok ? 'ok ' : 'NO '} ${check}: ${detail}${fix && !ok ? `\n    → ${fix}` : ''}`;
