/**
 * SOF tokens that were good a moment ago, so that not each status reads its account's row.
 *
 * That what is remembered may be two seconds old is safe. A token is read 30 s before its end at the latest, and one that has
 * ended or was replaced meanwhile is refused, forgotten here and read again. Whether the account may send at all is not
 * decided by its token: that is asked when the intent is written, under the order's lock, where nothing is owed by an account
 * that is parked or disabled. Open Platform credentials are not remembered: their calls have no such second look.
 */

const REMEMBERED_MS = 2_000;

export type RecentTokens = {
  of(accountId: string): string | undefined;
  /** A token that was read, or made, at the time `at`. */
  keep(accountId: string, token: string, at: number): void;
  /** Also a read that is still under way does not bring it back. */
  refuse(accountId: string, token: string): void;
};

export function createRecentTokens(clock: () => number): RecentTokens {
  const tokens = new Map<string, { readonly token: string; readonly at: number }>();
  const refused = new Map<string, string>();
  return {
    of(accountId) {
      const recent = tokens.get(accountId);
      return recent && clock() - recent.at < REMEMBERED_MS ? recent.token : undefined;
    },
    keep(accountId, token, at) {
      if (refused.get(accountId) !== token) tokens.set(accountId, { token, at });
    },
    refuse(accountId, token) {
      refused.set(accountId, token);
      if (tokens.get(accountId)?.token === token) tokens.delete(accountId);
    },
  };
}
