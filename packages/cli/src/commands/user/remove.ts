import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { lastAdmin, userNotFound } from './refused.ts';

export function userRemoveCommand(user: Command): void {
  const command = user
    .command('remove')
    .argument('<name>')
    .description('let a person in no longer; all of their sessions end')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const removed = await withDb(readConfig(['database']), (db) => db.access.removeUser(name));
      if (removed === 'unknown') throw userNotFound(name);
      if (removed === 'last-admin') throw lastAdmin(name);
      const print = printer(json);
      print.text(`Removed ${name}; all of their sessions have ended.`);
      print.json({ removed: name });
    });
  withExample(command, 'ann');
}
