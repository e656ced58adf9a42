import type { AccountView } from '@lazada-sof/db';
import { endsSoon, type TokenTimes, tokenEnd } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer, table } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function accountListCommand(account: Command): void {
  const command = account
    .command('list')
    .description('all accounts, without their secrets')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const accounts = await withDb(readConfig(['database']), (db) => db.accounts.list());
      const print = printer(json);
      const now = new Date();
      const rows = accounts.map((one) => [
        one.name,
        one.country ?? '',
        one.deliveryType ?? '',
        one.enabled ? one.status : 'disabled',
        toldEnd(one, now),
        one.statusReason ?? '',
      ]);
      if (accounts.length === 0)
        print.text('There is no account yet; npm run sof -- account add --help tells how to add one.');
      else print.text(table(['NAME', 'COUNTRY', 'DELIVERY', 'STATUS', 'TOKENS END', 'REASON'], rows));
      print.json(accounts.map((one) => ({ ...one, tokensEndAt: endOf(one, now)?.at ?? null })));
    });
  withExample(command);
}

const timesOf = (account: AccountView): TokenTimes => ({ ...account, hasRefreshToken: account.refreshToken.set });

/** Unless the seller consents again; null: nobody told it, or the only end that is known is renewed before. */
function endOf(account: AccountView, now: Date) {
  const end = tokenEnd(timesOf(account), now);
  return end?.isRenewed ? null : end;
}

/** The day; within a week it is marked. */
function toldEnd(account: AccountView, now: Date): string {
  const day = endOf(account, now)?.at.toISOString().slice(0, 10) ?? '';
  return endsSoon(timesOf(account), now) ? `${day} (!)` : day;
}
