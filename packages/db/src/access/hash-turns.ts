/**
 * Who may have a password hashed, and when. It is the one thing that strangers can make us do that costs much: only so many
 * at once, so that the rest of the process goes on, of one address one after the other, so that nobody waits behind all the
 * tries of another, and no more in line than are through in some seconds.
 */
import pLimit, { type LimitFunction } from 'p-limit';

export type HashTurns = {
  /** A place in line, until what is answered is called; null: there is none. */
  enter(): (() => void) | null;
  take<Answer>(address: string, work: () => Promise<Answer>): Promise<Answer>;
};

/** Half of the threads that Node has for such work and for files, names and compression. */
const AT_ONCE = 2;
const MOST_IN_LINE = 100;

export function openHashTurns({ atOnce = AT_ONCE, mostInLine = MOST_IN_LINE } = {}): HashTurns {
  const all = pLimit(atOnce);
  const ofAddress = new Map<string, LimitFunction>();
  let inLine = 0;
  return {
    enter() {
      if (inLine >= mostInLine) return null;
      inLine += 1;
      return () => {
        inLine -= 1;
      };
    },

    async take(address, work) {
      const own = ofAddress.get(address) ?? pLimit(1);
      ofAddress.set(address, own);
      return own(() => all(work)).finally(() => {
        if (own.activeCount + own.pendingCount === 0) ofAddress.delete(address);
      });
    },
  };
}
