import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@lazada-sof/db';
import type { DailyKey, Day, IndexFile } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { sayWhile } from '../../terminal/progress.ts';
import { withDb, withQueue } from '../connections.ts';
import { accountNamed, isDay, refuseUntilOver } from '../day.ts';

/** A worker that runs has it written long before. */
const PATIENCE_MS = 15_000;
const LOOKS_EVERY_MS = 200;

export function indexReUploadCommand(index: Command): void {
  const command = index
    .command('re-upload')
    .argument('<account>')
    .argument('<date>', 'a day that is over, YYYY-MM-DD')
    .description("write that day's index as it is now, at once, under its name or the next free one")
    .option('--json', 'for machines')
    .action(async (name: string, date: string, { json = false }: { json?: boolean }) => {
      const day = readDay(date);
      const settings = readConfig(['database', 'queue', 'target']);
      if (settings.target.url === undefined)
        throw new CommandFailed(
          'INVOICE_TARGET_URL is not set: nobody would know where to put the index; set it first',
        );
      // The queue is opened first: where it is away, nothing was asked for.
      const told = await withQueue(settings, (producer) =>
        withDb(settings, async (db) => {
          const key = { accountId: await accountWithDay(db, name, day), job: 'index', day } as const;
          const before = await db.indexFiles.newest(key);
          await db.dailyJobs.ask(key);
          await producer.add([{ name: 'upload-index', data: { v: 1, accountId: key.accountId, date: day } }]);
          return sayWhile('waiting for invoice-upload, 15 seconds at most …', () => becomesOf(db, key, before));
        }),
      );
      const print = printer(json);
      print.text(wordsOf(told, `${name}/${day}`));
      print.json({ account: name, day, ...told });
    });
  withExample(command, 'demo-sg 2026-11-27');
}

/** @throws UsageError where the calendar has no such day */
function readDay(text: string): Day {
  if (isDay(text)) return text;
  throw new UsageError(`<date>: ${text} is no day; write it as YYYY-MM-DD, 2026-03-14`);
}

/** Its id. @throws CommandFailed where there is no such account, or the day is not over there */
async function accountWithDay(db: Db, name: string, day: string): Promise<string> {
  const account = await accountNamed(db, name);
  refuseUntilOver(day, account, await db.dailyJobs.now());
  return account.accountId;
}

type Told = { readonly became: 'written' | 'same' | 'nothing' | 'asked'; readonly path: string | null };

/** What became of it, as soon as a worker has done it. @throws CommandFailed with the words of what went wrong */
async function becomesOf(db: Db, key: DailyKey, before: IndexFile | null): Promise<Told> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(LOOKS_EVERY_MS)) {
    const { isAsked, error } = await db.dailyJobs.standing(key);
    if (error !== null) throw new CommandFailed(`the index of ${key.day} is not written yet: ${error}`);
    if (isAsked) continue;
    const now = await db.indexFiles.newest(key);
    if (!now) return { became: 'nothing', path: null };
    return { became: now.path === before?.path ? 'same' : 'written', path: now.path };
  }
  return { became: 'asked', path: null };
}

const wordsOf = ({ became, path }: Told, about: string): string =>
  ({
    written: `${about}: ${path} is on the target.`,
    same: `${about}: ${path} has that content already, nothing is written.`,
    nothing: `${about}: nothing was set ready to ship on that day, so it has no file.`,
    asked: `${about}: asked for; invoice-upload writes it as soon as it runs.`,
  })[became];
