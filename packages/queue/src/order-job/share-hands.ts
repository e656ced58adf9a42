/**
 * Calls that are not answered hold a hand of their worker until their time limit, and one account's could hold them all. So a
 * tenth of the hands, one at least, are kept for accounts that have none: whoever hangs, the next account finds one.
 *
 * Where steps are over soon nobody notices: the next of the account waits for one to end. Where none ends, the next are put
 * off at once, and wait in their rows.
 */
import { Failure, SECOND } from '@lazada-sof/orders';
import type { Hands } from '../hands.ts';
import { createLine } from '../limiter/line.ts';
import type { Perform } from './order-job.ts';

/**
 * So long one that finds the account's share taken waits for a hand of it. Orders that wait for a batch and its answer end
 * together, a second or more apart; nobody else is held up for longer than this.
 */
const PATIENCE_MS = 2 * SECOND;
/** Who is put off comes again after this, each so much later than the one before. */
const AGAIN = { afterMs: 5 * SECOND, intervalMs: 200 };

type Share = {
  /** Steps of the account that are under way. */
  busy: number;
  /** Those that wait for one of these to end. */
  readonly waiting: (() => void)[];
  /** One has waited in vain, and none has ended since. */
  hangs: boolean;
};

export function shareHands({ count }: Pick<Hands, 'count'>, perform: Perform, patienceMs = PATIENCE_MS): Perform {
  const shares = new Map<string, Share>();
  const line = createLine();
  let busy = 0;
  const isFull = (share: Share) => !mayHaveMore({ hands: count, mine: share.busy, all: busy });

  return async (step, context) => {
    const { accountId, name } = context.order.account;
    const share = shares.get(accountId) ?? { busy: 0, waiting: [], hangs: false };
    shares.set(accountId, share);
    if (isFull(share) && (share.hangs || !(await endsSoon(share, patienceMs, context.signal)))) {
      share.hangs = true;
      throw putOff(name, line.stand(accountId, AGAIN));
    }
    share.busy += 1;
    busy += 1;
    try {
      await perform(step, context);
    } finally {
      share.busy -= 1;
      busy -= 1;
      share.hangs = false;
      share.waiting.shift()?.();
    }
  };
}

/** Whether an account that has `mine` of the `all` hands that are busy may have one more. */
export const mayHaveMore = ({ hands, mine, all }: { hands: number; mine: number; all: number }): boolean =>
  mine === 0 || all < hands - Math.max(1, Math.floor(hands / 10));

/** Whether a step of the account is over, and its hand ours, within that time. */
async function endsSoon(share: Share, withinMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const go = () => resolve(true);
  share.waiting.push(go);
  const timer = setTimeout(() => resolve(false), withinMs);
  const giveUp = () => resolve(false);
  signal?.addEventListener('abort', giveUp);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    const place = share.waiting.indexOf(go);
    if (place >= 0) share.waiting.splice(place, 1);
    signal?.throwIfAborted();
  }
}

const putOff = (account: string, waitMs: number): Failure =>
  new Failure(
    'rate-limited',
    `account ${account} has its share of this worker's hands, and its calls are not answered`,
    {
      code: 'no_hand',
      waitMs,
    },
  );
