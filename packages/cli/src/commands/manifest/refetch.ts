/** Asks again for a day's manifest: one that was given up, is not supported, or was never asked for. */
import type { Db, ManifestKey } from '@lazada-sof/db';
import type { Account, Day } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { withDb, withQueue } from '../connections.ts';
import { accountNamed, isDay, refuseUntilOver } from '../day.ts';

export function manifestRefetchCommand(manifest: Command): void {
  const command = manifest
    .command('refetch')
    .argument('<account>')
    .argument('<date>', "a day of the account's time zone, YYYY-MM-DD")
    .description(
      "ask Lazada again for a day's manifest; one that is stored stays as it is, unless its file was removed",
    )
    .option('--json', 'for machines')
    .action(async (name: string, date: string, { json = false }: { json?: boolean }) => {
      const day = dayOf(date);
      const settings = readConfig(['database', 'queue']);
      // The queue is opened first: where it is away, nothing was changed.
      const was = await withQueue(settings, (producer) =>
        withDb(settings, async (db) => {
          const account = await accountNamed(db, name);
          const key = { accountId: account.accountId, day };
          const status = await refetchable(db, account, key);
          await db.manifests.reopen(key);
          await db.dailyJobs.ask({ ...key, job: 'manifest' });
          await producer.add([{ name: 'fetch-manifest', data: { v: 1, accountId: account.accountId, date: day } }]);
          return status;
        }),
      );
      const print = printer(json);
      print.text(`Asking for the manifest of ${name} of ${day}, which ${was === null ? 'there is not' : `is ${was}`}.`);
      print.json({ account: name, day, was });
    });
  withExample(command, 'demo-sg 2026-11-27');
}

function dayOf(date: string): Day {
  if (isDay(date)) return date;
  throw new UsageError(`"${date}" is no day; write one like 2026-11-27`);
}

/** @throws CommandFailed for a day that is not over, and one that has its file */
async function refetchable(db: Db, account: Account, key: ManifestKey): Promise<string | null> {
  const { status, removedAt, now } = await db.manifests.statusOf(key);
  const { day } = key;
  refuseUntilOver(day, account, now);
  if (status === 'stored' && removedAt === null)
    throw new CommandFailed(
      `the manifest of ${account.name} of ${day} is stored, and written once: nothing was changed`,
    );
  return status;
}
