import type { Db } from '@lazada-sof/db';
import type { Change, Order } from '@lazada-sof/orders';
import { CommandFailed } from '../../terminal/errors.ts';
import { orderNotFound } from '../not-found.ts';

/** Changes the order under its lock. @throws CommandFailed where somebody else holds it, or it is gone */
export async function applyChange(
  db: Db,
  { orderId, orderNumber, account }: Order,
  decide: (order: Order, now: Date) => Change | null,
): Promise<void> {
  const changed = await db.externalChanges.change(orderId, decide);
  if (changed === 'busy') throw new CommandFailed(`order ${orderNumber} is being written by somebody else; try again`);
  if (changed === 'gone') throw orderNotFound(account.name, orderNumber);
}
