import { type Changed, type Marketplace, recordItems } from '@lazada-sof/orders';
import type { StepContext } from './order-job.ts';

/**
 * Reads the order's items and records everything they show. The read counts from the moment the order was loaded. Where
 * nothing waits for it, it may be `patient`, and cost less.
 */
export async function readItems(
  marketplace: Marketplace,
  { order, now, signal, change }: StepContext,
  hurry: { readonly patient?: boolean } = {},
): Promise<Changed> {
  const items = await marketplace.readItems(order.account, order.orderNumber, signal, hurry);
  return change((fresh, at) => recordItems(fresh, items, now, at));
}
