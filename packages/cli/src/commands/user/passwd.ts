import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { readPassword } from '../../terminal/password.ts';
import { withDb } from '../connections.ts';
import { changedUser, explainRefused } from './refused.ts';

export function userPasswdCommand(user: Command): void {
  const command = user
    .command('passwd')
    .argument('<name>')
    .description('give a person another password, from standard input; all of their sessions end')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const settings = readConfig(['database']);
      const password = await readPassword();
      const answer = await withDb(settings, (db) => db.access.changeUser(name, { password })).catch(explainRefused);
      const changed = changedUser(name, answer);
      const print = printer(json);
      print.text(`${name} has another password now; all of their sessions have ended.`);
      print.json(changed);
    });
  withExample(command, 'ann');
}
