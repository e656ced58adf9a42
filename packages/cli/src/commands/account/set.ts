import { accountPatch } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { readSecrets } from '../../terminal/secrets.ts';
import { withDb } from '../connections.ts';
import { accountNotFound } from '../not-found.ts';
import { explainRefusal } from './add.ts';
import { describeIssues, fieldsOf, withFields } from './fields.ts';

export function accountSetCommand(account: Command): void {
  const command = withFields(
    account.command('set').argument('<name>').description('change an account; what is left out stays'),
  ).action(async (name: string, options: Record<string, unknown>) => {
    const given = { ...fieldsOf(options), ...(await readSecrets({ options, needed: [] })) };
    if (Object.keys(given).length === 0)
      throw new UsageError('say what to change, for instance --sof-password-file FILE');
    const { success, data, error } = accountPatch.safeParse(given);
    if (!success) throw describeIssues(error);
    const settings = readConfig(['database', 'keys']);
    const changed = await withDb(settings, (db) => db.accounts.update(name, data)).catch(explainRefusal);
    if (!changed) throw accountNotFound(name);
    const print = printer(options.json === true);
    print.text(`Changed ${Object.keys(given).join(', ')} of account ${name}.`);
    print.json({ name, changed: Object.keys(given) });
  });
  withExample(command, 'demo-sg --auto-send-not-delivered true');
}
