/**
 * Which backfills may have a hand of this worker: one of each account, and a quarter of the hands for all of them together.
 * The others come again, and numbers that orders wait for find hands.
 */
export type Turns = {
  /** What is answered ends the turn. Null: not now. */
  take(accountId: string): (() => void) | null;
};

export function createTurns(hands: number): Turns {
  const most = Math.max(1, Math.floor(hands / 4));
  const having = new Set<string>();
  return {
    take(accountId) {
      if (having.has(accountId) || having.size >= most) return null;
      having.add(accountId);
      return () => void having.delete(accountId);
    },
  };
}
