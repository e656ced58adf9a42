import { migrate } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime';
import type { Command } from 'commander';
import { printer } from '../output.ts';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date; safe to repeat, needs DATABASE_URL alone')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const print = printer(json);
      const log = { info: print.text, warn: (line: string) => print.text(`warning: ${line}`) };
      const { applied } = await migrate({ ...readConfig(['database']).database, log });
      print.text(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
      print.json({ applied });
    });
}
