/** All commands, by their first word: a folder each, and in it a file per command. */
import { Command } from 'commander';
import { type ActOfCommand, actOf } from './act.ts';
import { accountAddCommand } from './commands/account/add.ts';
import { accountAuthorizeCommand } from './commands/account/authorize.ts';
import { accountListCommand } from './commands/account/list.ts';
import { accountSetCommand } from './commands/account/set.ts';
import { accountTestCommand } from './commands/account/test.ts';
import { apiKeyCreateCommand } from './commands/api-key/create.ts';
import { apiKeyListCommand } from './commands/api-key/list.ts';
import { apiKeyRevokeCommand } from './commands/api-key/revoke.ts';
import { apiKeyRotateCommand } from './commands/api-key/rotate.ts';
import { backfillCommand } from './commands/backfill/backfill.ts';
import { doctorCommand } from './commands/doctor/doctor.ts';
import { importCommand } from './commands/import/import.ts';
import { indexReUploadCommand } from './commands/index-file/re-upload.ts';
import { invoiceReUploadCommand } from './commands/invoice/re-upload.ts';
import { invoiceRefetchCommand } from './commands/invoice/refetch.ts';
import { manifestRefetchCommand } from './commands/manifest/refetch.ts';
import { migrateCommand } from './commands/migrate.ts';
import { orderExplainCommand } from './commands/order/explain.ts';
import { orderReleaseCommand } from './commands/order/release.ts';
import { orderSendCommand } from './commands/order/send.ts';
import { orderShowCommand } from './commands/order/show.ts';
import { orderWithdrawCommand } from './commands/order/withdraw.ts';
import { rotateKeysCommand } from './commands/rotate-keys/rotate-keys.ts';
import { userAddCommand } from './commands/user/add.ts';
import { userListCommand } from './commands/user/list.ts';
import { userPasswdCommand } from './commands/user/passwd.ts';
import { userRemoveCommand } from './commands/user/remove.ts';
import { userRoleCommand } from './commands/user/role.ts';
import { nameOf } from './terminal/example.ts';

type AddTo = (parent: Command) => void;
type Group = readonly [word: string, about: string, ...commands: AddTo[]];

/** Commands of one word. */
const SINGLE: readonly AddTo[] = [doctorCommand, migrateCommand, backfillCommand, importCommand, rotateKeysCommand];
const GROUPS: readonly Group[] = [
  [
    'account',
    'sellers whose orders your fleet delivers',
    ...[accountAddCommand, accountSetCommand, accountTestCommand, accountListCommand, accountAuthorizeCommand],
  ],
  [
    'api-key',
    'keys of other systems for the HTTP API',
    ...[apiKeyCreateCommand, apiKeyRotateCommand, apiKeyRevokeCommand, apiKeyListCommand],
  ],
  [
    'user',
    'people who sign in to console and dashboard',
    ...[userAddCommand, userListCommand, userPasswdCommand, userRoleCommand, userRemoveCommand],
  ],
  [
    'order',
    'one order: ACCOUNT ORDER_NUMBER',
    ...[orderShowCommand, orderExplainCommand, orderSendCommand, orderReleaseCommand, orderWithdrawCommand],
  ],
  ['invoice', 'invoices of orders, from Lazada and on the target', invoiceRefetchCommand, invoiceReUploadCommand],
  ['index', "the list of a day's orders and invoices, for finance", indexReUploadCommand],
  ['manifest', 'a day of an account: ACCOUNT DATE', manifestRefetchCommand],
];

/** Commands that change nothing, here or elsewhere; every other one is an act. */
const LOOKING = new Set(['doctor', 'account list', 'api-key list', 'order show', 'order explain', 'user list']);

/** Ends with an error of commander's instead of ending the process. `onAct` hears of an act before it begins. */
export function createProgram(onAct: (act: ActOfCommand) => void = () => undefined): Command {
  const program = new Command('sof').description("Lazada's Seller Own Fleet, from a terminal").exitOverride();
  for (const add of SINGLE) add(program);
  for (const [word, about, ...commands] of GROUPS) {
    const group = program.command(word).description(about);
    for (const add of commands) add(group);
  }
  inherit(program);
  program.hook('preAction', (_program, command) => {
    if (!LOOKING.has(nameOf(command))) onAct(actOf(command));
  });
  return program;
}

/** Commands of commands inherit how the program ends; behind a mistake stands how the command is written. */
function inherit(parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(parent);
    child.showHelpAfterError(`usage: ${child.createHelp().commandUsage(child)} (--help tells more)`);
    inherit(child);
  }
}
