import { bareDigits } from '../http/json.ts';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { PackAnswer, type PackedElement } from './schemas.ts';

/** The most orders that one Pack takes. */
export const MOST_ORDERS_PACKED = 20;

export type PackOrder = { readonly orderId: string; readonly orderItemIds: readonly string[] };
/** `TFS`: Lazada names the carrier, as it does for sellers with an own fleet. `NTFS`: the seller does, by its code. */
export type Allocation =
  | { readonly allocateType: 'TFS' }
  | { readonly allocateType: 'NTFS'; readonly providerCode: string };

/** Pack, of at most 20 orders. Answers every element that Lazada named, with an outcome of its own. */
export async function pack(
  platform: OpenPlatform,
  shop: Shop,
  orders: readonly PackOrder[],
  allocation: Allocation,
  options?: CallOptions,
): Promise<readonly { orderId: string; items: readonly PackedElement[] }[]> {
  const packReq = JSON.stringify({
    pack_order_list: orders.map((order) => ({
      order_id: bareDigits(order.orderId),
      order_item_list: order.orderItemIds.map(bareDigits),
    })),
    delivery_type: 'dropship',
    shipping_allocate_type: allocation.allocateType,
    ...(allocation.allocateType === 'NTFS' && { shipment_provider_code: allocation.providerCode }),
  });
  const endpoint = { method: 'POST', path: '/order/fulfill/pack', params: { packReq } } as const;
  const { content } = await platform.call(shop, endpoint, { schema: PackAnswer, from: 'data' }, options);
  return content.pack_order_list;
}
