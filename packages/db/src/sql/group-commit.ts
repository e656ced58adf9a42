/**
 * Many requests of one moment as one piece of work, as a group commit does: while a piece is under way, whatever else comes
 * gathers for the next. So a busy process makes few large transactions, and a quiet one loses nothing.
 */
import DataLoader from 'dataloader';
import pLimit from 'p-limit';

/** Pieces of a busy process begin so far apart: jobs that finish together write together, and no call outside is as short. */
const APART_MS = 5;
const MOST_REQUESTS = 200;

export type GroupCommit<Request, Answer> = { load(request: Request): Promise<Answer> };

/** `work` answers one per request, in their order; nothing is remembered between two of them. */
export function groupCommit<Request, Answer>(
  work: (requests: readonly Request[]) => Promise<(Answer | Error)[]>,
): GroupCommit<Request, Answer> {
  const turns = pLimit(1);
  let begun: Promise<unknown> = Promise.resolve();
  let mayBegin = 0;
  const begin = (requests: readonly Request[]) => {
    mayBegin = performance.now() + APART_MS;
    const piece = work(requests);
    begun = piece;
    return piece;
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
    maxBatchSize: MOST_REQUESTS,
    batchScheduleFn: (send) => void turns(takeTurn, send),
  });
}
