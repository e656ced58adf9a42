import { migrate } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { printer } from '../terminal/output.ts';

export function migrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date; safe to repeat, needs DATABASE_URL alone')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const print = printer(json);
      const log = { info: print.text, warn: (line: string) => console.error(`warning: ${line}`) };
      const { applied, backfilled } = await migrate({ ...readConfig(['database']).database, log });
      print.text('The database is up to date.');
      print.json({ applied, backfilled });
    });
}
