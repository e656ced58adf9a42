import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { printer, table } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function accountListCommand(account: Command): void {
  account
    .command('list')
    .description('all accounts, without their secrets')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const accounts = await withDb(readConfig(['database']), (db) => db.accounts.list());
      const print = printer(json);
      const rows = accounts.map(({ name, country, deliveryType, enabled, status, statusReason }) => [
        name,
        country ?? '',
        deliveryType ?? '',
        enabled ? status : 'disabled',
        statusReason ?? '',
      ]);
      if (accounts.length === 0)
        print.text('There is no account yet; npm run sof -- account add --help tells how to add one.');
      else print.text(table(['NAME', 'COUNTRY', 'DELIVERY', 'STATUS', 'REASON'], rows));
      print.json(accounts);
    });
}
