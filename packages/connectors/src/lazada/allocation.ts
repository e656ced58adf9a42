/**
 * Who names the carrier of a shop's parcels, asked of Lazada with one of the orders at hand and kept for an hour, in each
 * process. `choose-allocation.ts` is the rule.
 */
import { type Allocation, getOrderItems, getShipmentProviders } from '@lazada-sof/clients';
import { type Account, asFailure, Failure, HOUR, UNALLOCATED, usable } from '@lazada-sof/orders';
import type { LazadaCalls } from './calls.ts';
import { chooseAllocation, needsItemType, type Offer } from './choose-allocation.ts';

type Order = { readonly account: Account; readonly orderNumber: string; readonly orderItemIds: readonly string[] };
type Kept = { readonly until: number; readonly offer: Promise<Offer> };

/** A shop's setting changes when a person changes it at Lazada. */
const KEPT_MS = HOUR;

export type Allocations = {
  /** @throws Failure that packing waits for, where nobody has said who carries; in words that every order has in common */
  of(order: Order): Promise<Allocation>;
  /** Lazada refused what was packed under the kept answer: the next one asks anew. */
  forget(account: Account): void;
};

export function allocations(calls: LazadaCalls, clock: () => number = () => performance.now()): Allocations {
  const kept = new Map<string, Kept>();

  function ask(order: Order): Kept {
    const { accountId } = order.account;
    const asked = { until: clock() + KEPT_MS, offer: lookUp(calls, order) };
    kept.set(accountId, asked);
    asked.offer.catch(() => kept.get(accountId) === asked && kept.delete(accountId));
    return asked;
  }

  function keptFor({ accountId }: Account): Kept | undefined {
    const known = kept.get(accountId);
    return known && clock() < known.until ? known : undefined;
  }

  /**
   * A kept answer that lets nothing be packed is good only as long as the account says so: once a person has changed
   * something, here or at Lazada, it is asked for anew.
   */
  async function choiceOf(order: Order) {
    const { account } = order;
    const known = keptFor(account);
    const choice = chooseAllocation(usable(account), await (known ?? ask(order)).offer);
    if (!known || 'allocation' in choice || choice.reason === account.statusReason) return choice;
    const newer = keptFor(account);
    const again = newer && newer !== known ? newer : ask(order);
    return chooseAllocation(usable(account), await again.offer);
  }

  return {
    async of(order) {
      const choice = await choiceOf(order);
      if ('allocation' in choice) return choice.allocation;
      throw unallocated(choice.reason);
    },
    forget: ({ accountId }) => void kept.delete(accountId),
  };
}

/** Shared by whoever asks at that moment, so nobody's signal ends it. */
async function lookUp(calls: LazadaCalls, order: Order): Promise<Offer> {
  const { account, orderNumber, orderItemIds } = order;
  const what = `shipment providers of ${account.name}`;
  const providers = await calls
    .call({ account, what }, await calls.slot(account), (platform, shop) =>
      getShipmentProviders(platform, shop, [{ orderId: orderNumber, orderItemIds }]),
    )
    .catch(refusedByLazada);
  return { ...providers, itemType: needsItemType(usable(account), providers) ? await itemType(calls, order) : null };
}

/** What an order may not be packed for is no reason to give it up: of the shop it is that nothing can be said. */
function refusedByLazada(error: unknown): never {
  const failure = asFailure(error);
  throw failure.kind === 'rejected' ? unallocated(`nothing is packed: ${failure.message}`, failure) : failure;
}

async function itemType(calls: LazadaCalls, { account, orderNumber, orderItemIds }: Order): Promise<string | null> {
  const what = `items of ${account.name}/${orderNumber}`;
  const items = await calls.call({ account, what }, await calls.slot(account), (platform, shop) =>
    getOrderItems(platform, shop, orderNumber),
  );
  return items.find(({ orderItemId }) => orderItemIds.includes(orderItemId))?.shippingProviderType ?? null;
}

const unallocated = (reason: string, cause?: Failure): Failure =>
  new Failure('not-ready', reason, { code: UNALLOCATED, schedule: 'account', cause });
