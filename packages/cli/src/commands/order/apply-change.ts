import type { Db } from '@lazada-sof/db';
import type { Change, Order } from '@lazada-sof/orders';
import { CommandFailed } from '../../terminal/errors.ts';
import { orderNotFound } from '../not-found.ts';

/** Changes the order under its lock. Answers what that ended; empty where there was nothing to end. */
export async function applyChange(
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
  if (changed === 'busy') throw new CommandFailed(`order ${orderNumber} is being written by somebody else; try again`);
  if (changed === 'gone') throw orderNotFound(account.name, orderNumber);
  return ended;
}
