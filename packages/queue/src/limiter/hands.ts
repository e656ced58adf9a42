/**
 * A worker's hands are the jobs that it runs at once, and a job that waits for its account's turn at an API holds one of
 * them. If an account's backlog held them all, everybody else would wait behind it. So a quarter at most wait for one
 * account at one API, half of them in all, and of that half nobody takes more than is left for the others.
 *
 * Jobs that were gathered into one call hold one hand together here: their batch waits, and not each of them.
 */
export type Hands = {
  /** A hand to wait with; what is answered lets it go again. Null: none is left for this name. */
  hold(name: string): (() => void) | null;
};

export function createHands(hands: number): Hands {
  const waiting = new Map<string, number>();
  let all = 0;
  const count = (name: string, more: 1 | -1) => {
    all += more;
    const mine = (waiting.get(name) ?? 0) + more;
    if (mine === 0) waiting.delete(name);
    else waiting.set(name, mine);
  };
  return {
    hold(name) {
      if (!mayWait({ hands, mine: waiting.get(name) ?? 0, all })) return null;
      count(name, 1);
      return () => count(name, -1);
    },
  };
}

/** Whether one more may wait, where `mine` of the `all` that wait are of the same account and API. */
export const mayWait = ({ hands, mine, all }: { hands: number; mine: number; all: number }): boolean =>
  mine < share(hands, 4) && mine < share(hands, 2) - all;

/** Never less than one. */
const share = (hands: number, parts: number) => Math.max(1, Math.floor(hands / parts));
