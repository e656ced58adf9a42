/**
 * A worker's hands are the jobs that it can run at once, and a job that waits for its account's turn at an API holds one
 * of them. If an account's backlog held them all, everybody else would wait behind it. So a quarter at most wait for one
 * account at one API, half of them in all, and of that half nobody takes more than is left for the others.
 *
 * Jobs that were gathered into one call wait with one hand together: their batch waits, and not each of them.
 */
export type Hands = {
  /** How many there are. */
  readonly count: number;
  /** One of them has a job from now on; what is answered lets it go again. */
  begin(): () => void;
  /** False: each of them has a job, and no other begins. */
  areFree(): boolean;
  /** One that may wait for a turn of this name; what is answered ends that. Null: enough of them wait. */
  hold(name: string): (() => void) | null;
};

export function createHands(count: number): Hands {
  const waiting = new Map<string, number>();
  let all = 0;
  let busy = 0;
  const add = (name: string, more: 1 | -1) => {
    all += more;
    waiting.set(name, (waiting.get(name) ?? 0) + more);
  };
  return {
    count,
    begin() {
      busy += 1;
      return () => {
        busy -= 1;
      };
    },
    areFree: () => busy < count,
    hold(name) {
      if (!mayWait({ hands: count, mine: waiting.get(name) ?? 0, all })) return null;
      add(name, 1);
      return () => add(name, -1);
    },
  };
}

/** Whether one more may wait, where `mine` of the `all` that wait are of the same account and API. */
export const mayWait = ({ hands, mine, all }: { hands: number; mine: number; all: number }): boolean =>
  mine < share(hands, 4) && mine < share(hands, 2) - all;

/** Never less than one. */
const share = (hands: number, parts: number) => Math.max(1, Math.floor(hands / parts));
