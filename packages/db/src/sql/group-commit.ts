/**
 * Many requests of one moment as one piece of work, as a group commit does: while two pieces are under way, whatever else
 * comes gathers for the next. So a busy process makes few large transactions, and a quiet one loses two milliseconds.
 */
import DataLoader from 'dataloader';
import pLimit from 'p-limit';

export type Gathering = {
  /** Requests of so long are one piece of work. */
  readonly gatherMs: number;
  /** Of one piece. */
  readonly mostRequests: number;
};
/** Long enough that jobs which finish together write together, short beside any call to the outside. */
const AT_THE_SAME_TIME: Gathering = { gatherMs: 2, mostRequests: 200 };
/** Two, so that one which waits for a row does not keep everybody waiting. */
const AT_ONCE = 2;

export type GroupCommit<Request, Answer> = { load(request: Request): Promise<Answer> };

/** `work` answers one per request, in their order; nothing is remembered between two of them. */
export function groupCommit<Request, Answer>(
  work: (requests: readonly Request[]) => Promise<(Answer | Error)[]>,
  { gatherMs, mostRequests }: Gathering = AT_THE_SAME_TIME,
): GroupCommit<Request, Answer> {
  const turns = pLimit(AT_ONCE);
  let begun: Promise<unknown> = Promise.resolve();
  const begin = (requests: readonly Request[]) => {
    const piece = work(requests);
    begun = piece;
    return piece;
  };
  /** To send is to begin, there and then. A turn lasts until its piece has ended, well or not. */
  const takeTurn = async (send: () => void) => {
    send();
    await begun.catch(() => undefined);
  };
  return new DataLoader<Request, Answer>(begin, {
    cache: false,
    maxBatchSize: mostRequests,
    batchScheduleFn: (send) => void setTimeout(() => void turns(takeTurn, send), gatherMs),
  });
}
