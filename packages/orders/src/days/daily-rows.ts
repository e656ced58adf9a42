/** The port to the rows of the daily jobs, which `db` keeps. */
import type { DailyKey } from './days.ts';

/** The row of one job of one day, as it was when the job began. */
export type DailyRow = {
  /** To the microsecond, as text; null: nothing was left to do. */
  readonly dueAt: string | null;
  /** Since when somebody asks for it at once, as text too; null: nobody does. */
  readonly askedAt: string | null;
  readonly tries: number;
  readonly since: Date;
  readonly errorCode: string | null;
  /** The database's time. */
  readonly now: Date;
};
/** What of a row tells whether somebody asked for the day since. */
export type SeenRow = Pick<DailyRow, 'dueAt' | 'askedAt' | 'tries'>;
export type DailyFailure = {
  /** Null: given up. */
  readonly dueAt: Date | null;
  readonly tries: number;
  readonly code: string;
  readonly error: string;
};

/** The rows of the daily jobs, as whoever does one sees them. */
export interface DailyRows {
  /** The database's time. */
  now(): Promise<Date>;
  /** Makes the row where there is none: somebody asks for a day that the clock did not. */
  begin(key: DailyKey): Promise<DailyRow>;
  /** Done; what was asked for since `seen` stays due. */
  finish(key: DailyKey, seen: SeenRow): Promise<void>;
  /** What was asked for since `seen` stays due, and its tries begin anew. */
  fail(key: DailyKey, failure: DailyFailure, seen: SeenRow): Promise<void>;
  /** Due at once, as if it had never been done or failed. */
  ask(key: DailyKey): Promise<void>;
}
