import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer, table } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';

export function apiKeyListCommand(apiKey: Command): void {
  const command = apiKey
    .command('list')
    .description('all keys, without the keys themselves')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const keys = await withDb(readConfig(['database']), (db) => db.access.listKeys());
      const print = printer(json);
      const rows = keys.map(({ name, scopes, lastUsedAt, revokedAt }) => [
        name,
        scopes.join(','),
        revokedAt ? 'revoked' : 'works',
        lastUsedAt?.toISOString() ?? 'never used',
      ]);
      print.text(table(['NAME', 'SCOPES', 'STATE', 'LAST USED'], rows));
      print.json(keys);
    });
  withExample(command);
}
