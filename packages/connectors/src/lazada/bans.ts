/** How long a call limit keeps whom away: as its words say, else growing with each in a row. */
import { CallLimitError, HttpRateLimitError } from '@lazada-sof/clients';
import type { LimitKey } from '@lazada-sof/orders';
import { createBackoff } from '../calls/backoff.ts';

/** `waitMs`: as it was asked, however long. */
type Ban = { readonly waitMs: number; readonly whom: 'account' | 'app' };

export type Bans = {
  /** What ban an error tells of; null: of none. */
  of(error: unknown, key: LimitKey): Ban | null;
  /** A call went through: the next ban begins anew. */
  clear(key: LimitKey): void;
};

export function trackBans(): Bans {
  const accountBackoff = createBackoff({ firstMs: 2_000, longestMs: 60_000 });
  const appBackoff = createBackoff({ firstMs: 60_000, longestMs: 600_000 });
  return {
    of(error, { accountId, appKey = '' }) {
      const statedMs = statedWait(error);
      if (statedMs === undefined) return null;
      const whom = error instanceof CallLimitError ? error.whose : 'account';
      return { waitMs: statedMs || (whom === 'app' ? appBackoff.next(appKey) : accountBackoff.next(accountId)), whom };
    },
    clear({ accountId, appKey = '' }) {
      accountBackoff.clear(accountId);
      appBackoff.clear(appKey);
    },
  };
}

/** Undefined: no ban at all; null or 0: one without a time. */
function statedWait(error: unknown): number | null | undefined {
  if (error instanceof HttpRateLimitError) return error.retryAfterMs;
  // A second more than it says, since it counts in whole ones.
  if (error instanceof CallLimitError) return error.banSeconds === null ? null : (error.banSeconds + 1) * 1_000;
  return undefined;
}
