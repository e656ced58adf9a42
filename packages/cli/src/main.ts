/** `npm run sof -- …`: what a person does to the system from a terminal. One file per command. */
import { explainDatabaseError } from '@lazada-sof/db';
import { ConfigError, EXIT_CONFIG } from '@lazada-sof/runtime/config';
import { Command, CommanderError } from 'commander';
import { accountAddCommand } from './commands/account/add.ts';
import { accountAuthorizeCommand } from './commands/account/authorize.ts';
import { accountListCommand } from './commands/account/list.ts';
import { accountSetCommand } from './commands/account/set.ts';
import { accountTestCommand } from './commands/account/test.ts';
import { apiKeyCreateCommand } from './commands/api-key/create.ts';
import { apiKeyListCommand } from './commands/api-key/list.ts';
import { apiKeyRevokeCommand } from './commands/api-key/revoke.ts';
import { doctorCommand } from './commands/doctor/doctor.ts';
import { indexReUploadCommand } from './commands/index-file/re-upload.ts';
import { manifestRefetchCommand } from './commands/manifest/refetch.ts';
import { migrateCommand } from './commands/migrate.ts';
import { orderExplainCommand } from './commands/order/explain.ts';
import { orderReleaseCommand } from './commands/order/release.ts';
import { orderSendCommand } from './commands/order/send.ts';
import { orderShowCommand } from './commands/order/show.ts';
import { orderWithdrawCommand } from './commands/order/withdraw.ts';
import { CommandFailed, UsageError } from './terminal/errors.ts';

const program = new Command('sof').description("Lazada's Seller Own Fleet, from a terminal").exitOverride();
doctorCommand(program);
migrateCommand(program);
const account = program.command('account').description('sellers whose orders your fleet delivers');
for (const add of [
  accountAddCommand,
  accountSetCommand,
  accountTestCommand,
  accountListCommand,
  accountAuthorizeCommand,
])
  add(account);
const apiKey = program.command('api-key').description('keys of other systems for the HTTP API');
for (const add of [apiKeyCreateCommand, apiKeyRevokeCommand, apiKeyListCommand]) add(apiKey);
const order = program.command('order').description('one order: ACCOUNT ORDER_NUMBER');
for (const add of [orderShowCommand, orderExplainCommand, orderSendCommand, orderReleaseCommand, orderWithdrawCommand])
  add(order);
const index = program.command('index').description("the list of a day's orders and invoices, for finance");
indexReUploadCommand(index);
const manifest = program.command('manifest').description('a day of an account: ACCOUNT DATE');
manifestRefetchCommand(manifest);

/** Commands of commands inherit how the program ends; behind a mistake stands how the command is written. */
function inherit(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    child.showHelpAfterError(`usage: ${child.createHelp().commandUsage(child)} (--help tells more)`);
    inherit(child);
  }
}
inherit(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has printed what was wrong, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(explainDatabaseError(error) ?? (error instanceof Error ? error.message : error));
  if (error instanceof ConfigError) return EXIT_CONFIG;
  return error instanceof CommandFailed || error instanceof UsageError ? error.exitCode : 1;
}
