import { migrate } from '@lazada-sof/db';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../terminal/example.ts';
import { number, printer, warn } from '../terminal/output.ts';
import { progressOn } from '../terminal/progress.ts';

export function migrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database up to date; safe to repeat, needs DATABASE_URL alone')
    .option('--json', 'for machines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const print = printer(json);
      const progress = progressOn();
      const above = (say: (line: string) => void) => (line: string) => {
        progress.clear();
        say(line);
      };
      const log = { info: above(print.text), warn: above((line) => warn(`warning: ${line}`)) };
      const { database } = readConfig(['database']);
      const { applied, backfilled } = await migrate({
        ...database,
        log,
        onProgress: ({ added, about }) =>
          progress.show(`${number(added)} of about ${number(about)} orders of before have their rows`),
      }).finally(() => progress.clear());
      if (backfilled > 0) print.text(`${number(backfilled)} orders of before have their rows.`);
      print.text('The database is up to date.');
      print.json({ applied, backfilled });
    });
  withExample(command);
}
