import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer, table } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function userListCommand(user: Command): void {
  const command = user
    .command('list')
    .description('who may sign in, and as what')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const users = await withDb(readConfig(['database']), (db) => db.access.listUsers());
      const print = printer(json);
      print.text(
        table(
          ['NAME', 'ROLE'],
          users.map(({ name, role }) => [name, role]),
        ),
      );
      print.json(users);
    });
  withExample(command);
}
