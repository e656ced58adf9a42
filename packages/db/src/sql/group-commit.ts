/**
 * Many requests of one moment as one piece of work, as a group commit does: while a piece is under way, whatever else comes
 * gathers for the next. So a busy process makes few large transactions, and a quiet one loses nothing.
 */
import DataLoader from 'dataloader';
import pLimit from 'p-limit';

export type Gathering = {
  /** Pieces begin so far apart, and what comes meanwhile gathers. */
  readonly apartMs: number;
  /** Of one piece. */
  readonly mostRequests: number;
};
/** Long enough that jobs which finish together write together, short beside any call to the outside. */
const AT_THE_SAME_TIME: Gathering = { apartMs: 5, mostRequests: 200 };

export type GroupCommit<Request, Answer> = { load(request: Request): Promise<Answer> };

/**
 * `work` answers one per request, in their order, or promises it: what it promises is no longer part of the piece, and the next
 * one begins. Nothing is remembered between two of them.
 */
export function groupCommit<Request, Answer>(
  work: (requests: readonly Request[]) => Promise<readonly (Answer | Error | Promise<Answer>)[]>,
  { apartMs, mostRequests }: Gathering = AT_THE_SAME_TIME,
): GroupCommit<Request, Answer> {
  const turns = pLimit(1);
  let begun: Promise<unknown> = Promise.resolve();
  let mayBegin = 0;
  const begin = (requests: readonly Request[]): Promise<(Answer | Error)[]> => {
    mayBegin = performance.now() + apartMs;
    const piece = work(requests);
    begun = piece;
    // A caller is answered when its promise is.
    return piece as Promise<(Answer | Error)[]>;
  };
  /** To send is to begin, there and then. A turn lasts until its piece has ended, well or not. */
  const takeTurn = async (send: () => void) => {
    const early = mayBegin - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    send();
    await begun.catch(() => undefined);
  };
  return new DataLoader<Request, Answer>(begin, {
    cache: false,
    maxBatchSize: mostRequests,
    batchScheduleFn: (send) => void turns(takeTurn, send),
  });
}
