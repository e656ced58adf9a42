/**
 * A backfill reads the items of an account's orders again, those of some days, piece by piece. What stands in the way of one
 * order is told of that order, and the others go on; what stands in everybody's way is waited for. Pure.
 */
import { type DayBounds, dayBounds } from '../days/day-bounds.ts';
import type { Day } from '../days/days.ts';
import type { Failure } from '../model/failure.ts';
import { isSameJob, JOB_ATTEMPTS, MINUTE, SECOND } from '../model/schedules.ts';

/** Days of the account's zone, both included. */
export type BackfillRange = { readonly accountId: string; readonly from: Day; readonly to: Day };

/** As many orders as Lazada tells of in one call. */
export const BACKFILL_PIECE = 50;

export const backfillBounds = ({ from, to }: Pick<BackfillRange, 'from' | 'to'>, timezone: string): DayBounds => ({
  from: dayBounds(from, timezone).from,
  until: dayBounds(to, timezone).until,
});

/**
 * So long a backfill leaves its account alone after a piece: three of four calls are for what orders wait for. A minute at most,
 * the longest that a job waits in the queue.
 */
export const backfillPauseMs = (callsPerSecond: number): number =>
  Math.min(MINUTE, Math.ceil((4 * SECOND) / callsPerSecond));

/** An order that was not read, or could not be written, in words. */
export type LeftOut = { readonly orderNumber: string; readonly reason: string };
export type FailedRead = { readonly orderNumber: string; readonly failure: Failure };
export type PieceRead = {
  /** How many orders it has. */
  readonly size: number;
  readonly failed: readonly FailedRead[];
  /** How often it has failed before. */
  readonly tries: number;
};
export type PieceEnd =
  | { readonly kind: 'over'; readonly leftOut: readonly LeftOut[] }
  /** Nobody's order is at fault: the piece is read again, once this failure's time has come. */
  | { readonly kind: 'again'; readonly failure: Failure };

/** Of a failure: the order was read, and somebody else held its rows when it should be written. */
export const HELD_ROWS = 'locked';

/** What a piece came to. What of it was read once is not read again. */
export function endOfPiece({ size, failed, tries }: PieceRead): PieceEnd {
  const passing = failed.filter(({ failure }) => failure.kind !== 'rejected');
  const everybodys = passing.find(({ failure }) => failure.kind === 'misconfigured' || failure.kind === 'rate-limited');
  if (everybodys) return { kind: 'again', failure: everybodys.failure };
  const unread = passing.find(({ failure }) => failure.code !== HELD_ROWS);
  if (unread && !isTheirOwn({ size, failed, tries })) return { kind: 'again', failure: unread.failure };
  const held = passing.find(({ failure }) => failure.code === HELD_ROWS);
  if (held && tries < HELD_TRIES) return { kind: 'again', failure: held.failure };
  return { kind: 'over', leftOut: failed.map(told) };
}

/** The others of the piece were read, and these fail again and again: the outside is well. */
const isTheirOwn = ({ size, failed, tries }: PieceRead): boolean =>
  failed.filter(({ failure }) => failure.code !== HELD_ROWS).length < size && !isSameJob(tries + 1);

/** A host that works on many orders at once has them for minutes, all of a piece perhaps: it is waited for more than an hour. */
const HELD_TRIES = JOB_ATTEMPTS + 1;

const told = ({ orderNumber, failure }: FailedRead): LeftOut => ({ orderNumber, reason: failure.message });
