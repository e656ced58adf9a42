import { accountPatch } from '@lazada-sof/db';
import type { Command } from 'commander';
import { Failed, WrongUse } from '../ending.ts';
import { printer } from '../output.ts';
import { readSecrets } from '../secrets.ts';
import { withDb } from '../tools.ts';
import { refused } from './account-add.ts';
import { fieldsOf, mistakes, withFields } from './account-fields.ts';

export function accountSetCommand(account: Command): void {
  withFields(account.command('set').argument('<name>').description('change an account; what is left out stays')).action(
    async (name: string, options: Record<string, unknown>) => {
      const given = { ...fieldsOf(options), ...(await readSecrets({ options, needed: [] })) };
      if (Object.keys(given).length === 0)
        throw new WrongUse('say what to change, for instance --sof-password-file FILE');
      const { success, data, error } = accountPatch.safeParse(given);
      if (!success) throw mistakes(error);
      const changed = await withDb((db) => db.accounts.update(name, data), { keys: true }).catch(refused);
      if (!changed) throw new Failed(`there is no account ${name}; npm run sof -- account list shows them`);
      const print = printer(options.json === true);
      print.text(`Changed ${Object.keys(given).join(', ')} of account ${name}.`);
      print.json({ name, changed: Object.keys(given) });
    },
  );
}
