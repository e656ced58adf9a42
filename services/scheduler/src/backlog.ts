/**
 * Whose jobs wait in which queue, as far as this scheduler handed them on: an order that nobody has touched since its claim
 * has not been taken up. It is counted only where it looks like many, by asking the rows; a scheduler that starts anew
 * begins with nothing, hands on one more filling at most, and is right again.
 */
import type { QueueName } from '@lazada-sof/queue';

type Claimed = { readonly orderId: string; readonly accountId: string };

export type Backlog<Claim extends Claimed> = {
  /** Counts again what waits of the accounts of which these were claimed. */
  recount(claims: readonly Claim[]): Promise<void>;
  /** So few of the account's orders wait in that queue that the next need not stand behind everybody else's. */
  isShort(claim: Claim, queue: QueueName): boolean;
  /** Enough of them wait there. One that waits there itself takes no more room. */
  isFull(claim: Claim, queue: QueueName): boolean;
  handedOn(claim: Claim, queue: QueueName): void;
};

export type BacklogOptions<Claim> = {
  readonly untouched: (claims: readonly Claim[]) => Promise<readonly Claim[]>;
  readonly short?: number;
  readonly full?: number;
};

const SHORT = 10;
/** A second's worth of the fastest work: no worker runs dry before the next round. */
const FULL = 500;

export function createBacklog<Claim extends Claimed>({
  untouched,
  short = SHORT,
  full = FULL,
}: BacklogOptions<Claim>): Backlog<Claim> {
  const accounts = new Map<string, Map<QueueName, Map<string, Claim>>>();
  const waiting = ({ accountId }: Claimed, queue: QueueName) => accounts.get(accountId)?.get(queue);
  return {
    async recount(claims) {
      const accountIds = new Set(claims.map(({ accountId }) => accountId));
      const queues = [...accountIds].flatMap((accountId) => [...(accounts.get(accountId)?.values() ?? [])]);
      // Claimed again since its lease ended, and not since it was taken up.
      for (const claim of claims)
        for (const orders of queues) if (orders.has(claim.orderId)) orders.set(claim.orderId, claim);
      const long = queues.filter(({ size }) => size >= short);
      if (long.length === 0) return;
      const still = new Set(await untouched(long.flatMap((orders) => [...orders.values()])));
      for (const orders of long) for (const [orderId, claim] of orders) if (!still.has(claim)) orders.delete(orderId);
    },
    isShort: (claim, queue) => (waiting(claim, queue)?.size ?? 0) < short,
    isFull(claim, queue) {
      const orders = waiting(claim, queue);
      return orders !== undefined && orders.size >= full && !orders.has(claim.orderId);
    },
    handedOn(claim, queue) {
      const queues = accounts.get(claim.accountId) ?? new Map<QueueName, Map<string, Claim>>();
      const orders = queues.get(queue) ?? new Map<string, Claim>();
      accounts.set(claim.accountId, queues.set(queue, orders.set(claim.orderId, claim)));
    },
  };
}
