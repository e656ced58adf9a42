/** Tries an account's credentials from here: it works when nothing else runs, and un-parks the account. */
import type { CheckedAccount } from '@lazada-sof/connectors';
import type { Db } from '@lazada-sof/db';
import { type AccountCheck, accountVerdict } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { type Print, printer } from '../../terminal/output.ts';
import { AT_ONCE } from '../at-once.ts';
import { withDb } from '../connections.ts';
import { accountNotFound } from '../not-found.ts';

export function accountTestCommand(account: Command): void {
  const command = account
    .command('test')
    .argument('<name>')
    .description('try its credentials; if they work a parked account goes on')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const settings = readConfig(['database', 'keys', 'lazada', 'sofp']);
      const { checks, failure } = await withDb(settings, (db) => test(db, name, settings));
      const ok = checks.every((check) => check.ok);
      const print = printer(json);
      for (const check of checks) tellCheck(print, check);
      print.json({ ok, checks });
      if (failure) throw new CommandFailed(`account ${name} does not work`);
      if (!ok) throw new CommandFailed(`account ${name} still works, and will not for long`);
    });
  withExample(command, 'demo-sg');
}

export const tellCheck = (print: Print, { check, ok, detail, fix }: AccountCheck): void =>
  print.text(`${ok ? 'ok  ' : 'FAIL'} ${check}: ${detail}${fix ? `\n     ${fix}` : ''}`);

async function test(db: Db, name: string, settings: Config<'lazada' | 'sofp'>): Promise<CheckedAccount> {
  const { accountId } = (await db.accounts.find(name)) ?? {};
  const account = accountId ? await db.accounts.byId(accountId) : null;
  if (!account) throw accountNotFound(name);
  // Loaded when it is needed: it brings the clients of the whole outside.
  const { accountChecks, openLazadaCalls, openSofCalls } = await import('@lazada-sof/connectors');
  const parts = { tokens: db.verifyingTokens, limiter: AT_ONCE };
  const lazada = openLazadaCalls({ ...parts, settings: settings.lazada });
  const sof = openSofCalls({ ...parts, settings: settings.sofp });
  try {
    const checked = await accountChecks({ lazada, sof, tokens: db.verifyingTokens }).check(account);
    await db.accounts.apply(account.accountId, accountVerdict(checked.failure));
    return checked;
  } finally {
    lazada.close();
    sof.close();
  }
}
