import { getMultipleOrderItems, getOrderItems, MOST_ORDERS_READ, type OrderItem } from '@lazada-sof/clients';
import type { Account, MarketplaceItem, ReadOptions } from '@lazada-sof/orders';
import { batchedCalls } from './batched-calls.ts';
import type { LazadaCalls } from './calls.ts';

type Input = ReadOptions & { readonly account: Account; readonly orderNumber: string };
type Items = readonly MarketplaceItem[];

/** Reads orders' items, up to 50 orders a call. */
export const itemReader = (calls: LazadaCalls) =>
  batchedCalls<Input, Items>(calls, {
    size: MOST_ORDERS_READ,
    send: async (inputs, credentials, signal) => {
      const [{ account, orderNumber }, ...others] = inputs;
      const what = `items of ${account.name}/${orderNumber}${others.length > 0 ? ` and ${others.length} more` : ''}`;
      const found = await calls.call({ account, what }, credentials, async (platform, shop) => {
        if (others.length > 0) return getMultipleOrderItems(platform, shop, distinct(inputs), { signal });
        return new Map([[orderNumber, await getOrderItems(platform, shop, orderNumber, { signal })]]);
      });
      for (const item of [...found.values()].flat()) calls.noteStatus(account, item.status);
      return inputs.map((input) => found.get(input.orderNumber)?.map(toMarketplaceItem) ?? null);
    },
  });

const distinct = (inputs: readonly Input[]) => [...new Set(inputs.map(({ orderNumber }) => orderNumber))];

/** Lazada tells an own fleet's item by either of two fields, and a wish to cancel by either of two others. */
const toMarketplaceItem = (item: OrderItem): MarketplaceItem => ({
  orderItemId: item.orderItemId,
  status: item.status,
  packageId: item.packageId,
  sof: item.deliveryOptionSof || item.shippingProviderType?.toUpperCase() === 'SELLER_OWN_FLEET',
  digital: item.isDigital,
  cancelPending: item.isCancelPending || item.needCancelConfirm,
  trackingNumber: item.trackingCode,
  shipmentProvider: item.shipmentProvider,
  updatedAt: item.updatedAt,
  shipBy: deadlineOf(item.slaTimeStamp),
});

/** Zeros of an epoch and ends of a calendar stand where there is no deadline: an order would be late for ever, or never. */
const EARLIEST = Date.UTC(2012, 0);
const LATEST = Date.UTC(2100, 0);
const deadlineOf = (at: Date | null) => (at && at.getTime() >= EARLIEST && at.getTime() < LATEST ? at : null);
