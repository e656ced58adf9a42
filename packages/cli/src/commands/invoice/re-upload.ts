/**
 * Puts invoices on the target once more that lie there, or lay there once: their upload is owed again, by their rows. What
 * lies there with the same content is left alone, what is missing comes back, and nothing is overwritten.
 */
import type { Db, FetchedWithin, UploadedDocuments, WaitingDocument } from '@lazada-sof/db';
import { type Account, backfillBounds, uploadAgain } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { number, printer } from '../../terminal/output.ts';
import { bar, type Progress, progressOn } from '../../terminal/progress.ts';
import { withDb } from '../connections.ts';
import { accountNamed } from '../day.ts';
import { type Days, type DaysOptions, readDays } from '../day-range.ts';

/** Orders that are changed in one transaction. */
const TOGETHER = 50;

type Options = DaysOptions & { readonly account?: string; readonly dryRun?: boolean; readonly json?: boolean };

export function invoiceReUploadCommand(invoice: Command): void {
  const command = invoice
    .command('re-upload')
    .description('upload again the invoices that were fetched in some days; what lies on the target already stays')
    .option('--from <date>', "needed; a day of the account's time zone, YYYY-MM-DD")
    .option('--to <date>', 'needed; the last day, which is included')
    .option('--account <name>', 'of this account alone')
    .option('--dry-run', 'only say how many that are')
    .option('--json', 'for machines')
    .action(async ({ account, dryRun = false, json = false, ...options }: Options) => {
      const days = readDays(options);
      const settings = readConfig(['database', 'target']);
      if (settings.target.url === undefined)
        throw new CommandFailed('INVOICE_TARGET_URL is not set: nothing is uploaded; set it first');
      const { invoices, removed, busy } = await withDb(settings, (db) =>
        reUpload(db, { account, days, isDry: dryRun }),
      );
      const print = printer(json);
      const [what, ofDays] = [`${number(invoices)} invoices`, `${days.from} to ${days.to}`];
      print.text(
        dryRun
          ? `${ofDays}: ${what} would be uploaded again.`
          : `${ofDays}: ${what} are uploaded again by invoice-upload; what lies on the target already stays.`,
      );
      if (removed > 0)
        print.text(
          `${number(removed)} more were removed here, since they had been kept as long as RETAIN_INVOICES says: sof invoice refetch ACCOUNT ORDER_NUMBER asks Lazada for one of them again.`,
        );
      print.json({ account: account ?? null, ...days, invoices, removed, busy });
      if (busy.length > 0)
        throw new CommandFailed(
          `somebody is writing ${number(busy.length)} orders, whose invoices were left alone (${busy.slice(0, 5).join(', ')}); run it again`,
        );
    });
  withExample(command, '--from 2026-03-01 --to 2026-03-31 --account demo-sg');
}

type Asked = { readonly account: string | undefined; readonly days: Days; readonly isDry: boolean };
type Done = {
  readonly invoices: number;
  /** Whose bytes are not here any more. */
  readonly removed: number;
  /** Ids of orders that somebody else held. */
  readonly busy: readonly string[];
};

async function reUpload(db: Db, { account, days, isDry }: Asked): Promise<Done> {
  const accounts = account === undefined ? await allAccounts(db) : [await accountNamed(db, account)];
  const within = accounts.map(({ accountId, timezone }) => ({ accountId, bounds: backfillBounds(days, timezone) }));
  const progress = progressOn();
  try {
    let [all, removed] = [0, 0];
    for await (const found of uploaded(db, within)) {
      all += found.documents.length;
      removed += found.removed;
      progress.show(`${number(all)} invoices`);
    }
    return { removed, ...(isDry ? { invoices: all, busy: [] } : await uploadAll(db, within, { all, progress })) };
  } finally {
    progress.clear();
  }
}

async function allAccounts(db: Db): Promise<Account[]> {
  const found = await Promise.all((await db.accounts.list()).map(({ accountId }) => db.accounts.byId(accountId)));
  return found.filter((one) => one !== null);
}

async function* uploaded(db: Db, within: readonly FetchedWithin[]): AsyncGenerator<UploadedDocuments> {
  for (let last: string | null = '0'; last !== null; ) {
    const found: UploadedDocuments = await db.documents.uploaded(last, within);
    yield found;
    last = found.last;
  }
}

async function uploadAll(
  db: Db,
  within: readonly FetchedWithin[],
  { all, progress }: { all: number; progress: Progress },
): Promise<Omit<Done, 'removed'>> {
  let invoices = 0;
  const busy: string[] = [];
  for await (const { documents } of uploaded(db, within)) {
    const byOrder = [...Map.groupBy(documents, ({ orderId }) => orderId)];
    for (let from = 0; from < byOrder.length; from += TOGETHER) {
      const changed = await Promise.all(byOrder.slice(from, from + TOGETHER).map((one) => uploadOne(db, one)));
      invoices += changed.reduce((sum, { count }) => sum + count, 0);
      busy.push(...changed.flatMap(({ held }) => held ?? []));
      progress.show(`${bar(invoices, all)} ${number(invoices)} of ${number(all)} invoices`);
    }
  }
  return { invoices, busy };
}

type Of = readonly [orderId: string, documents: readonly WaitingDocument[]];

/** Whoever holds its rows is waited for, half a second at most. */
async function uploadOne(db: Db, [orderId, documents]: Of): Promise<{ count: number; held?: string }> {
  const decide: Parameters<Db['manyChanges']['change']>[1] = (order) =>
    uploadAgain(
      order,
      documents.map(({ documentId }) => documentId),
    );
  const first = await db.manyChanges.change(orderId, decide);
  const changed = first === 'busy' ? await db.externalChanges.change(orderId, decide) : first;
  if (changed === 'busy') return { count: 0, held: orderId };
  return { count: changed === 'gone' ? 0 : documents.length };
}
