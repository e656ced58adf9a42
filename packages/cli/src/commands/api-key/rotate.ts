import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb } from '../connections.ts';
import { readExpires, readOverlap } from './ends.ts';

type Options = { overlap: string; expires?: string; json?: boolean };

export function apiKeyRotateCommand(apiKey: Command): void {
  const command = apiKey
    .command('rotate')
    .argument('<name>')
    .description('make a new key of that name, with the same scopes; the old one goes on for a while, then it ends')
    .option('--overlap <time>', 'how long the old one goes on: 30s, 15m, 24h, 7d; 0h: it ends at once', '24h')
    .option('--expires <day>', 'last day (UTC) of the new one, YYYY-MM-DD; as the old one where it is left out')
    .option('--json', 'for machines')
    .action(async (name: string, { json = false, overlap, expires }: Options) => {
      const overlapMs = readOverlap(overlap);
      const expiresAt = expires === undefined ? undefined : readExpires(expires, new Date());
      const settings = readConfig(['database']);
      const rotated = await withDb(settings, (db) => db.access.rotateKey(name, { overlapMs, expiresAt }));
      if (rotated === 'unknown')
        throw new CommandFailed(`there is no key ${name} to replace; npm run sof -- api-key list shows them`);
      if (rotated === 'expired')
        throw new CommandFailed(`the key ${name} has ended; say until when a new one is to open: --expires YYYY-MM-DD`);
      const print = printer(json);
      print.text(`${rotated.key}\nThis is the only time that it is shown.`);
      print.json({ key: rotated.key });
    });
  withExample(command, 'warehouse --overlap 24h');
}
