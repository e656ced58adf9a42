import type { ApiKeyView } from '@lazada-sof/db';
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
      const now = new Date();
      const rows = keys.map((key) => [
        key.name,
        key.scopes.join(','),
        stateOf(key, now),
        key.lastUsedAt?.toISOString() ?? 'never used',
        key.expiresAt?.toISOString() ?? '',
      ]);
      print.text(table(['NAME', 'SCOPES', 'STATE', 'LAST USED', 'ENDS'], rows));
      print.json(keys);
    });
  withExample(command);
}

function stateOf({ revokedAt, expiresAt, replacedAt }: ApiKeyView, now: Date): string {
  if (revokedAt) return 'revoked';
  if (expiresAt && expiresAt <= now) return 'ended';
  return replacedAt ? 'replaced' : 'works';
}
