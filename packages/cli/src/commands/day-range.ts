/** Some days of an account, as a command that is about a range reads them. */
import type { Day } from '@lazada-sof/orders';
import { UsageError } from '../terminal/errors.ts';
import { isDay } from './day.ts';

export type DaysOptions = { readonly from?: string; readonly to?: string };
export type Days = { readonly from: Day; readonly to: Day };

/** @throws UsageError with every mistake, those that somebody found already among them */
export function readDays({ from, to }: DaysOptions, others: readonly string[] = []): Days {
  const mistakes = [...others, ...mistakesOf('--from', from), ...mistakesOf('--to', to)];
  if (mistakes.length > 0 || from === undefined || to === undefined) throw new UsageError(...mistakes);
  if (from > to) throw new UsageError(`--to: ${to} lies before --from ${from}; the last day comes last`);
  return { from, to };
}

function mistakesOf(option: string, text: string | undefined): string[] {
  if (text === undefined) return [`${option}: is missing; write a day as YYYY-MM-DD, 2026-03-14`];
  return isDay(text) ? [] : [`${option}: ${text} is no day; write it as YYYY-MM-DD, 2026-03-14`];
}
