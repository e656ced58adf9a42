/** `release`: ends everything on the order that a person can end, by whichever door the person came. */
import type { Change, Order } from '../model/order.ts';
import { release } from '../plan/release.ts';
import { contradicts, refuseForeignFields, saidOfWholeOrder, withReason } from './refuse.ts';
import type { OrderUpdate } from './update.ts';

/** @throws Refused where there is nothing to end, and where the update says more than that */
export function releaseOrder(order: Order, update: OrderUpdate, now: Date): Change {
  refuseForeignFields(update);
  if (update.packageId !== undefined || update.trackingNumber !== undefined) throw saidOfWholeOrder(update);
  const change = release(order, now);
  if (change) return { ...change, events: change.events.map((event) => withReason(event, update)) };
  throw contradicts(
    update,
    'nothing of it waits for a release: no end that has to be released, no blocked step, no mismatch; the order tells under "explain" what it waits for',
  );
}
