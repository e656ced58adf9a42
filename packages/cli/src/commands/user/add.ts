import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { readPassword } from '../../terminal/password.ts';
import { withDb } from '../connections.ts';
import { explainRefused } from './refused.ts';
import { ROLE_OPTION, readRole } from './role.ts';

export function userAddCommand(user: Command): void {
  const command = user
    .command('add')
    .argument('<name>')
    .description('let a person sign in; the password comes from standard input, one line, 12 characters at least')
    .option(...ROLE_OPTION)
    .option('--json', 'for machines')
    .action(async (name: string, { json = false, ...options }: { role?: string; json?: boolean }) => {
      const role = readRole(options.role);
      const settings = readConfig(['database']);
      const password = await readPassword();
      const isNew = await withDb(settings, (db) => db.access.addUser({ name, role, password })).catch(explainRefused);
      if (!isNew) throw new CommandFailed(`there is a person ${name} already; npm run sof -- user list shows them all`);
      const print = printer(json);
      print.text(`Added ${name}, ${role}.`);
      print.json({ name, role });
    });
  withExample(command, 'ann --role operator');
}
