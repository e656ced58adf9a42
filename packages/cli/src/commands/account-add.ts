import { accountInput } from '@lazada-sof/db';
import type { Command } from 'commander';
import { Failed } from '../ending.ts';
import { printer } from '../output.ts';
import { readSecrets, type SecretName } from '../secrets.ts';
import { withDb } from '../tools.ts';
import { fieldsOf, mistakes, withFields } from './account-fields.ts';

export function accountAddCommand(account: Command): void {
  withFields(
    account.command('add').argument('<name>').description('add an account; secrets from files or standard input'),
  ).action(async (name: string, options: Record<string, unknown>) => {
    const fields = fieldsOf(options);
    const secrets = await readSecrets({ options, needed: needed(fields) });
    const { success, data, error } = accountInput.safeParse({ name, ...fields, ...secrets });
    if (!success) throw mistakes(error);
    const added = await withDb((db) => db.accounts.create(data), { keys: true }).catch(refused);
    const print = printer(options.json === true);
    print.text(`Added account ${added.name}. Test it: npm run sof -- account test ${added.name}`);
    print.json({ name: added.name, accountId: added.accountId });
  });
}

const needed = ({ deliveryType, sofDriver }: Readonly<Record<string, unknown>>): SecretName[] => [
  'appSecret',
  ...(deliveryType === 'sof' && sofDriver !== 'dbs' ? (['sofPassword'] as const) : []),
];

export function refused(error: unknown): never {
  if (error instanceof Error && error.name === 'AccountRefused') throw new Failed(error.message, { cause: error });
  throw error;
}
