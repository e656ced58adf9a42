/**
 * Many requests of one moment as one piece of work, as a group commit does: while two pieces are under way, whatever else
 * comes gathers for the next. So a busy process makes few large transactions, and a quiet one loses two milliseconds.
 */
import DataLoader from 'dataloader';

/** Long enough that jobs which finish together write together, short beside any call to the outside. */
const GATHER_MS = 2;
const MOST_REQUESTS = 200;
/** Two, so that one which waits for a row does not keep everybody waiting. */
const AT_ONCE = 2;

export type Gathered<Request, Answer> = { load(request: Request): Promise<Answer> };

/** `work` answers one per request, in their order; nothing is remembered between two of them. */
export function gathered<Request, Answer>(
  work: (requests: readonly Request[]) => Promise<(Answer | Error)[]>,
): Gathered<Request, Answer> {
  const turns = openTurns(AT_ONCE);
  return new DataLoader<Request, Answer>((requests) => work(requests).finally(turns.leave), {
    cache: false,
    maxBatchSize: MOST_REQUESTS,
    batchScheduleFn: (send) => void setTimeout(() => turns.enter(send), GATHER_MS),
  });
}

/** Calls each when its turn comes; whoever was called says when it has left. */
function openTurns(atOnce: number) {
  const waiting: (() => void)[] = [];
  let inside = 0;
  const enter = (go: () => void) => {
    if (inside >= atOnce) return void waiting.push(go);
    inside += 1;
    go();
  };
  const leave = () => {
    inside -= 1;
    const next = waiting.shift();
    if (next) enter(next);
  };
  return { enter, leave };
}
