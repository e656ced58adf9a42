/**
 * Who may have a password hashed, and when. It is the one thing that strangers can make us do that costs much: only so many
 * at once, so that the rest of the process goes on, of one address one after the other, the networks by turns, and no more in
 * line than are through in some seconds.
 */
import { type LineSizes, openSignInLine, type Trier } from './sign-in-line.ts';

export type HashTurns = {
  /** What the work answers, at its turn; null: there is no place in line for it, and it has not begun. */
  take<Answer>(trier: Trier, work: () => Promise<Answer>): Promise<Answer | null>;
  /** They got in: under this name and from there they have a place also where others fill the line. */
  know(trier: Trier): void;
};

/** Half of the threads that Node has for such work and for files, names and compression. */
const AT_ONCE = 2;

export function openHashTurns({ atOnce = AT_ONCE, ...sizes }: LineSizes & { atOnce?: number } = {}): HashTurns {
  const line = openSignInLine(sizes);
  let atWork = 0;

  function goOn(): void {
    const place = atWork < atOnce ? line.next() : undefined;
    if (!place) return;
    atWork += 1;
    void place.begin().finally(() => {
      atWork -= 1;
      line.leave(place);
      goOn();
    });
    goOn();
  }

  return {
    take: <Answer>(trier: Trier, work: () => Promise<Answer>) =>
      new Promise<Answer | null>((resolve, reject) => {
        const begin = () => work().then(resolve, reject);
        const putOut = () => resolve(null);
        if (line.enter(trier, { begin, putOut })) goOn();
        else putOut();
      }),
    know: line.know,
  };
}
