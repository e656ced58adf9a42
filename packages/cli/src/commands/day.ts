/** A day of an account, as the commands that are about one read it. */
import type { Db } from '@lazada-sof/db';
import { type Account, addDays, type Day, isOver } from '@lazada-sof/orders';
import { CommandFailed } from '../terminal/errors.ts';
import { accountNotFound } from './not-found.ts';

/** Written as `YYYY-MM-DD`, and in the calendar: `2026-02-30` would be read as a day of March. */
export const isDay = (text: string): text is Day =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;

/** As the rules know it. @throws CommandFailed where there is no such account */
export async function accountNamed(db: Db, name: string): Promise<Account> {
  const { accountId } = (await db.accounts.find(name)) ?? {};
  const account = accountId ? await db.accounts.byId(accountId) : null;
  if (!account) throw accountNotFound(name);
  return account;
}

/** @throws CommandFailed where the account's clock has not left that day behind */
export function refuseUntilOver(day: Day, { name, timezone }: Account, now: Date): void {
  if (isOver(day, { now, timezone })) return;
  throw new CommandFailed(`${day} is not over in ${timezone}, where account ${name} is; ask again once it is`);
}
