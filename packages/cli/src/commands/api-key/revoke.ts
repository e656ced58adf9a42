import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function apiKeyRevokeCommand(apiKey: Command): void {
  const command = apiKey
    .command('revoke')
    .argument('<name>')
    .description('end a key, and with it those that it replaced')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      if (!(await withDb(readConfig(['database']), (db) => db.access.revokeKey(name))))
        throw new CommandFailed(`there is no key ${name} that still works; npm run sof -- api-key list shows them`);
      const print = printer(json);
      print.text(`Revoked ${name}.`);
      print.json({ revoked: name });
    });
  withExample(command, 'warehouse');
}
