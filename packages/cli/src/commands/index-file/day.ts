import { type Account, addDays, type Day, isOver } from '@lazada-sof/orders';
import { CommandFailed, UsageError } from '../../terminal/errors.ts';

/** @throws UsageError where the calendar has no such day */
export function readDay(text: string): Day {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time) || addDays(text, 0) !== text)
    throw new UsageError(`<date>: ${text} is no day; write it as YYYY-MM-DD, 2026-03-14`);
  return text;
}

/** @throws CommandFailed where the account's clock has not left that day behind */
export function refuseUntilOver(day: Day, { name, timezone }: Account, now: Date): void {
  if (isOver(day, { now, timezone })) return;
  throw new CommandFailed(`${day} is not over in ${timezone}, where account ${name} is; ask again once it is`);
}
