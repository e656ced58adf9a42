/**
 * Asks for a backfill and looks on. The work is done by tracking-fetch, from a row of its own: whoever looks on may leave, and
 * the same command shows it again.
 */
import type { BackfillStanding, Db } from '@lazada-sof/db';
import { type Account, type BackfillRange, backfillBounds } from '@lazada-sof/orders';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { CommandFailed, Interrupted, UsageError } from '../../terminal/errors.ts';
import { withExample } from '../../terminal/example.ts';
import { onInterrupt } from '../../terminal/interrupt.ts';
import { number, type Print, printer } from '../../terminal/output.ts';
import { progressOn } from '../../terminal/progress.ts';
import { withDb, withQueue } from '../connections.ts';
import { accountNamed } from '../day.ts';
import { type Days, type DaysOptions, readDays } from '../day-range.ts';
import { followBackfill } from './follow.ts';

const ABOUT = [
  "read the items of an account's orders again, those that were made in some days, and those of which nobody knows when;",
  'goes on by itself in tracking-fetch, Ctrl-C only ends looking on',
].join(' ');

type Options = DaysOptions & {
  readonly account?: string;
  readonly dryRun?: boolean;
  readonly stop?: boolean;
  /** False with `--no-wait`. */
  readonly wait?: boolean;
  readonly json?: boolean;
};

export function backfillCommand(program: Command): void {
  const command = program
    .command('backfill')
    .description(ABOUT)
    .option('--account <name>', 'needed')
    .option('--from <date>', "needed; a day of the account's time zone, YYYY-MM-DD")
    .option('--to <date>', 'needed; the last day, which is included')
    .option('--dry-run', 'only say how many orders that are')
    .option('--no-wait', 'do not look on')
    .option('--stop', 'stop it; without --stop the same command goes on where it was')
    .option('--json', 'for machines')
    .action(async ({ json = false, ...options }: Options) => {
      const { name, days } = readAsked(options);
      const print = printer(json);
      if (options.dryRun) await count(name, days, print);
      else if (options.stop) await stop(name, days, print);
      else await begin(name, days, { print, isFollowed: options.wait !== false });
    });
  withExample(command, '--account demo-sg --from 2026-03-01 --to 2026-03-31');
}

function readAsked({ account, dryRun, stop: stops, ...options }: Options): { name: string; days: Days } {
  const mistakes = [
    ...(account === undefined ? ['--account: is missing; npm run sof -- account list shows them'] : []),
    ...(dryRun && stops ? ['--dry-run: changes nothing, --stop does; one of them'] : []),
  ];
  const days = readDays(options, mistakes);
  if (account === undefined) throw new UsageError(...mistakes);
  return { name: account, days };
}

const rangeOf = ({ accountId }: Account, days: Days): BackfillRange => ({ accountId, ...days });
const toldOf = (name: string, { from, to }: Days) => `${name}, ${from} to ${to}`;

/** @throws CommandFailed where there is no such account, or none of which anything is read */
async function sofAccount(db: Db, name: string): Promise<Account> {
  const account = await accountNamed(db, name);
  if (account.deliveryType === 'sof') return account;
  throw new CommandFailed(
    `account ${name}: its delivery type is ${account.deliveryType ?? 'not set'}, and only orders of sof accounts are read`,
  );
}

async function count(name: string, days: Days, print: Print): Promise<void> {
  const orders = await withDb(readConfig(['database']), async (db) => {
    const account = await sofAccount(db, name);
    return db.backfills.count(rangeOf(account, days), backfillBounds(days, account.timezone));
  });
  print.text(`${toldOf(name, days)}: ${number(orders)} orders would be read again.`);
  print.json({ account: name, ...days, orders });
}

async function stop(name: string, days: Days, print: Print): Promise<void> {
  const stands = await withDb(readConfig(['database']), async (db) =>
    db.backfills.stop(rangeOf(await accountNamed(db, name), days)),
  );
  if (!stands) throw new CommandFailed(`${toldOf(name, days)}: there is no such backfill, nothing was stopped`);
  if (stands.state === 'finished') throw new CommandFailed(`${toldOf(name, days)}: is finished, nothing was stopped`);
  print.text(
    `${toldOf(name, days)}: stopped after ${doneOf(stands)}; the same command without --stop goes on where it was.`,
  );
  print.json(shown(name, stands));
}

type Beginning = { readonly print: Print; readonly isFollowed: boolean };

async function begin(name: string, days: Days, { print, isFollowed }: Beginning): Promise<void> {
  const settings = readConfig(['database', 'queue']);
  const stands = await withDb(settings, async (db) => {
    const account = await sofAccount(db, name);
    const range = rangeOf(account, days);
    // The queue is opened first: where it is away, nothing was asked for.
    await withQueue(settings, async (producer) => {
      await db.backfills.ask(range, backfillBounds(days, account.timezone));
      await producer.add([{ name: 'backfill', data: { v: 1, ...range } }], 'behind');
    });
    return isFollowed ? follow(db, range) : db.backfills.standing(range);
  });
  if (!stands) throw new CommandFailed(`account ${name} is gone, and its backfill with it`);
  const about = toldOf(name, days);
  if (stands.state === 'running' && isFollowed) throw leaving(about, stands);
  print.json(shown(name, stands));
  if (stands.state === 'stopped')
    throw new CommandFailed(
      `${about}: stopped by somebody after ${doneOf(stands)}; the same command goes on where it was`,
    );
  if (stands.state === 'given_up')
    throw new CommandFailed(
      `${about}: given up after ${doneOf(stands)}: ${stands.error}; the same command goes on where it was`,
    );
  for (const line of linesOf(about, stands)) print.text(line);
}

async function follow(db: Db, range: BackfillRange): Promise<BackfillStanding | null> {
  const progress = progressOn();
  const { signal, end } = onInterrupt();
  try {
    return await followBackfill(db, range, { progress, signal });
  } finally {
    progress.clear();
    end();
  }
}

const leaving = (about: string, stands: BackfillStanding): Interrupted =>
  new Interrupted(
    `${about}: ${doneOf(stands)} so far; it goes on without you. The same command looks on again, with --stop it is stopped.`,
  );

function linesOf(about: string, stands: BackfillStanding): string[] {
  if (stands.state === 'running') return [`${about}: ${doneOf(stands)}; it goes on in tracking-fetch.`];
  const { done, leftOut, troubles } = stands;
  const told = troubles.slice(0, leftOut).map(({ orderNumber, reason }) => `  ${orderNumber}: ${reason}`);
  return [
    `${about}: ${number(done - leftOut)} orders were read again${leftOut > 0 ? `, ${number(leftOut)} were left out:` : '.'}`,
    ...told,
    ...(leftOut > told.length
      ? [`  and ${number(leftOut - told.length)} more, which the log of tracking-fetch names`]
      : []),
  ];
}

const doneOf = ({ done, orders }: BackfillStanding) => `${number(done)} of ${number(orders)} orders`;

const shown = (account: string, { accountId: _, ...stands }: BackfillStanding) => ({ account, ...stands });
