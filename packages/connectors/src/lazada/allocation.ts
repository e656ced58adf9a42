/** Who names the carrier of a shop's parcels: Lazada, or the seller by a provider's code. */
import { type Allocation, getShipmentProviders, type ShipmentProviders } from '@lazada-sof/clients';
import { type Account, Failure, HOUR } from '@lazada-sof/orders';
import type { LazadaCalls } from './calls.ts';

type Order = { readonly account: Account; readonly orderNumber: string; readonly orderItemIds: readonly string[] };
type Orders = readonly [Order, ...Order[]];

/** A shop's setting changes when a person changes it at Lazada. */
const KEPT_MS = HOUR;

/**
 * An account that names no provider leaves it to Lazada, as sellers with an own fleet do. One that names a provider is
 * looked up, once an hour: only where Lazada leaves the choice to the seller is the provider's code sent.
 */
export function allocations(calls: LazadaCalls, clock: () => number = () => performance.now()) {
  const kept = new Map<string, { until: number; offered: Promise<ShipmentProviders> }>();

  function offeredTo(orders: Orders, signal: AbortSignal | undefined): Promise<ShipmentProviders> {
    const { accountId } = orders[0].account;
    const known = kept.get(accountId);
    if (known && clock() < known.until) return known.offered;
    const offered = lookUp(calls, orders, signal);
    kept.set(accountId, { until: clock() + KEPT_MS, offered });
    offered.catch(() => kept.delete(accountId));
    return offered;
  }

  return async (orders: Orders, signal: AbortSignal | undefined): Promise<Allocation> => {
    const [{ account }] = orders;
    if (account.shipmentProvider === null) return { allocateType: 'TFS' };
    return choose(account, account.shipmentProvider, await offeredTo(orders, signal));
  };
}

async function lookUp(calls: LazadaCalls, orders: Orders, signal: AbortSignal | undefined) {
  const [{ account }] = orders;
  const packOrders = orders.map(({ orderNumber, orderItemIds }) => ({ orderId: orderNumber, orderItemIds }));
  const credentials = await calls.slot(account, signal);
  return calls.call({ account, what: `providers of ${account.name}` }, credentials, (platform, shop) =>
    getShipmentProviders(platform, shop, packOrders, { signal }),
  );
}

function choose(account: Account, provider: string, { allocateType, providers }: ShipmentProviders): Allocation {
  if (allocateType.toUpperCase() !== 'NTFS') return { allocateType: 'TFS' };
  const chosen = providers.find(({ name }) => name.toLowerCase() === provider.toLowerCase());
  if (chosen) return { allocateType: 'NTFS', providerCode: chosen.code };
  const names = providers.map(({ name }) => `"${name}"`).join(', ') || 'none';
  throw new Failure(
    'rejected',
    `shipment provider "${provider}" of account ${account.name} is not offered by Lazada, which offers ${names}`,
    { code: 'unknown_provider' },
  );
}
