import { type Changed, type Marketplace, type ReadOptions, recordItems } from '@lazada-sof/orders';
import type { StepContext } from './order-job.ts';

/**
 * Reads the order's items and records everything they show. The read counts from the moment the order was loaded. Where
 * nothing waits for it, it may have low priority, and cost less.
 */
export async function readAndRecordItems(
  marketplace: Marketplace,
  { order, now, signal, change }: StepContext,
  options: ReadOptions = {},
): Promise<Changed> {
  const items = await marketplace.readItems(order.account, order.orderNumber, signal, options);
  return change((fresh, at) => recordItems(fresh, items, now, at));
}
