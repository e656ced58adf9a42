/**
 * Packs what is pending. Where nobody has said who carries the account's parcels, only that waits: the account says why,
 * once for all its orders, until packing goes on.
 */
import {
  type ElementResult,
  Failure,
  type Marketplace,
  type Order,
  type PackedItem,
  recordPacked,
  shippingWork,
  storedError,
  UNALLOCATED,
} from '@lazada-sof/orders';
import type { StepContext } from '@lazada-sof/queue';
import type { Outside } from './outside.ts';

export type PackingTools = Pick<Outside, 'notePacking'> & { readonly marketplace: Pick<Marketplace, 'pack'> };

export type Packing = {
  readonly order: Order;
  readonly results: readonly ElementResult<PackedItem>[];
  /** Packing waits for the account, for this reason. */
  readonly waits: Failure | null;
};

export async function pack(tools: PackingTools, order: Order, context: StepContext): Promise<Packing> {
  const { toPack: orderItemIds } = shippingWork(order, context);
  if (orderItemIds.length === 0) return { order, results: [], waits: null };
  const { account, orderNumber } = order;
  try {
    const results = await tools.marketplace.pack(account, { orderNumber, orderItemIds }, context.signal);
    if (account.statusReason !== null) await tools.notePacking(account, null);
    const changed = await context.change((fresh, now) => recordPacked(fresh, results, now));
    return { order: changed.order, results: [...results.values()], waits: null };
  } catch (error) {
    if (!(error instanceof Failure && error.code === UNALLOCATED)) throw error;
    await tools.notePacking(account, storedError(error));
    return { order, results: [], waits: error };
  }
}
