/** Looks on while a backfill goes on. What it is told stands in the backfill's row, so it may begin and leave at any time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BackfillStanding, Db } from '@lazada-sof/db';
import { type Account, type BackfillRange, isActive } from '@lazada-sof/orders';
import { number } from '../../terminal/output.ts';
import { bar, type Progress } from '../../terminal/progress.ts';

const LOOKS_EVERY_MS = 500;

type Following = { readonly progress: Progress; readonly signal: AbortSignal };

/** Answers how it stands once nobody goes on with it, or once the signal is aborted. Null: its account is gone. */
export async function followBackfill(
  db: Pick<Db, 'backfills' | 'accounts'>,
  range: BackfillRange,
  { progress, signal }: Following,
): Promise<BackfillStanding | null> {
  for (;;) {
    const [stands, account] = [await db.backfills.standing(range), await db.accounts.byId(range.accountId)];
    if (!stands || !account) return null;
    if (stands.state !== 'running' || signal.aborted) return stands;
    progress.show(lineOf(stands, account));
    await sleep(LOOKS_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function lineOf(stands: BackfillStanding, account: Account): string {
  const { orders, done, leftOut } = stands;
  const left = leftOut > 0 ? `, ${number(leftOut)} left out` : '';
  const why = whyItWaits(stands, account);
  return `${bar(done, orders)} ${number(done)} of ${number(orders)} orders${left}${why ? `; waits: ${why}` : ''}`;
}

function whyItWaits({ done, error }: BackfillStanding, account: Account): string | null {
  if (!isActive({ account })) return `account ${account.name} does not work; account list shows why`;
  if (error !== null) return error;
  return done === 0 ? 'tracking-fetch has not begun' : null;
}
