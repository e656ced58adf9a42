/** What commands that change an order have in common. */
import type { Db } from '@lazada-sof/db';
import type { Change, Order } from '@lazada-sof/orders';
import { Failed } from '../../errors.ts';
import { noOrder } from '../not-found.ts';

/** What the change ended, by the event that tells of it; empty where there was nothing to end. */
export async function endedBy(
  db: Db,
  { orderId, orderNumber, account }: Order,
  decide: (order: Order, now: Date) => Change | null,
): Promise<string[]> {
  let ended: string[] = [];
  const changed = await db.externalChanges.change(orderId, (fresh, now) => {
    const change = decide(fresh, now);
    ended = (change?.events ?? []).flatMap(({ kind, data }) => (kind === 'released' ? (data?.ended as string[]) : []));
    return change;
  });
  if (changed === 'busy') throw new Failed(`order ${orderNumber} is being written by somebody else; try again`);
  if (changed === 'gone') throw noOrder(account.name, orderNumber);
  return ended;
}

export const nothingTo = (what: string, account: string, orderNumber: string) =>
  new Failed(`nothing of ${account}/${orderNumber} can ${what}; see: ${explainOf(account, orderNumber)}`);

/** The command that tells why. */
export const explainOf = (account: string, orderNumber: string) =>
  `npm run sof -- order explain ${account} ${orderNumber}`;
