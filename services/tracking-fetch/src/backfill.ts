/**
 * One piece of a backfill: as many orders as Lazada tells of in one call. Then the hand is given back, and the same job comes
 * again for the next piece, so that a long backfill holds nobody up. How far it is says its row: what the process was doing
 * when it died is done again, in one call at most.
 */
import type { BackfillPiece, Backfills, BegunBackfill } from '@lazada-sof/db';
import {
  type Account,
  type Accounts,
  asFailure,
  type BackfillRange,
  backfillBounds,
  backfillPauseMs,
  endOfPiece,
  type FailedRead,
  Failure,
  HELD_ROWS,
  isActive,
  type LeftOut,
  type Marketplace,
  MINUTE,
  type Orders,
  recordItems,
  SECOND,
} from '@lazada-sof/orders';
import { changeWhenFree, type JobContext, type JobResult, OrderBusy, OrderGone, verdict } from '@lazada-sof/queue';
import type { Turns } from './turns.ts';

export type BackfillTools = {
  readonly backfills: Pick<Backfills, 'begin' | 'piece' | 'advance' | 'fail'>;
  readonly orders: Pick<Orders, 'change'>;
  readonly accounts: Accounts & { byId(accountId: string): Promise<Account | null> };
  readonly marketplace: Pick<Marketplace, 'readItems'>;
  readonly turns: Turns;
  /** The account's rate. */
  readonly callsPerSecond: number;
  /** What was tried says nothing about the rows. */
  readonly isPassing: (error: unknown) => boolean;
  readonly log: { warn(message: string, fields: object): unknown };
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
};

type Begun = { readonly account: Account; readonly begun: BegunBackfill; readonly about: string };

export function backfill(tools: BackfillTools): (range: BackfillRange, context: JobContext) => Promise<JobResult> {
  return async ({ accountId, from, to }, { force, signal }) => {
    const account = await tools.accounts.byId(accountId);
    if (!account) return 'superseded';
    const about = `${account.name}/${from} to ${to}`;
    const endTurn = tools.turns.take(accountId);
    if (!endTurn) return later(`${about}: other backfills have their turn`, SECOND);
    try {
      const bounds = backfillBounds({ from, to }, account.timezone);
      const begun = await tools.backfills.begin({ accountId, from, to }, { bounds, force });
      if (!begun) return 'superseded';
      // It goes on from its row as soon as the account does.
      if (!isActive({ account })) return 'done';
      return await goOn({ account, begun, about }, tools, signal);
    } finally {
      endTurn();
    }
  };
}

async function goOn({ account, begun, about }: Begun, tools: BackfillTools, signal: AbortSignal): Promise<JobResult> {
  const piece = await tools.backfills.piece(begun);
  const failed = await readPiece(piece, { account, begun, about }, tools, signal);
  if (signal.aborted) throw signal.reason;
  const end = endOfPiece({ size: piece.orders.length, failed, tries: begun.tries });
  if (end.kind === 'again') return waitFor(end.failure, { account, begun, about }, tools);
  for (const { orderNumber, reason } of end.leftOut)
    tools.log.warn('a backfill leaves an order out', { backfill: about, orderNumber, reason });
  return advance(piece, end.leftOut, { account, begun, about }, tools);
}

/** All of its orders at once: they become one call. */
async function readPiece(
  { orders }: BackfillPiece,
  { account, begun: { now } }: Begun,
  { marketplace, orders: rows, isPassing }: BackfillTools,
  signal: AbortSignal,
): Promise<FailedRead[]> {
  const reads = orders
    .filter(({ isRead }) => !isRead)
    .map(async ({ orderId, orderNumber }): Promise<FailedRead[]> => {
      try {
        const items = await marketplace.readItems(account, orderNumber, signal);
        await changeWhenFree(rows, orderId, (fresh, at) => recordItems(fresh, items, now, at));
        return [];
      } catch (error) {
        if (error instanceof OrderGone) return [];
        const failure = isPassing(error) ? asFailure(error) : failureOf(error);
        return [{ orderNumber, failure }];
      }
    });
  return (await Promise.all(reads)).flat();
}

/** What is wrong with one order's rows would be wrong again; whoever holds them lets go of them. */
function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof OrderBusy)
    return new Failure('transient', 'somebody has its rows locked', { code: HELD_ROWS, cause: error });
  const { message } = asFailure(error);
  return new Failure('rejected', `its rows cannot be used: ${message}`, { code: 'unexpected', cause: error });
}

async function advance(
  piece: BackfillPiece,
  leftOut: readonly LeftOut[],
  { begun, about }: Begun,
  { backfills, callsPerSecond }: BackfillTools,
): Promise<JobResult> {
  const { after, isLast, orders } = piece;
  const stands = await backfills.advance(begun, { after, isLast, done: orders.length, leftOut });
  if (!stands || stands.state === 'finished') return 'done';
  const reads = orders.some(({ isRead }) => !isRead);
  return later(
    `${about}: ${stands.done} of ${stands.orders} orders are done`,
    reads ? backfillPauseMs(callsPerSecond) : 0,
  );
}

async function waitFor(failure: Failure, { account, begun, about }: Begun, tools: BackfillTools): Promise<JobResult> {
  const { tries, now, errorCode } = begun;
  const since = errorCode === failure.code ? begun.since : now;
  const decided = verdict(failure, { tries, since, now, random: (tools.random ?? Math.random)() });
  const why = { tries, code: failure.code, error: failure.message };
  const reason = `${about}: ${failure.message}`;
  switch (decided.kind) {
    case 'retry':
    case 'wait': {
      const more = decided.kind === 'retry' ? { tries: tries + 1 } : {};
      await tools.backfills.fail(begun, { ...why, ...more, waitsUntil: decided.dueAt });
      // Longer waits live in the row. The tries of all its pieces are not this one job's.
      const delayMs = Math.max(0, decided.dueAt.getTime() - now.getTime());
      return delayMs <= MINUTE ? later(reason, delayMs, failure) : 'done';
    }
    case 'block':
      await tools.backfills.fail(begun, { ...why, tries: tries + 1, waitsUntil: null });
      return { outcome: 'failed', reason, cause: failure };
    case 'park':
      await tools.accounts.park(account.accountId, { status: decided.status, reason: decided.reason });
      return 'done';
    case 'unpark':
    case 'leave':
      return 'done';
  }
}

const later = (reason: string, delayMs: number, cause?: Failure): JobResult => ({
  outcome: 'snoozed',
  reason,
  delayMs,
  ...(cause && { cause }),
});
