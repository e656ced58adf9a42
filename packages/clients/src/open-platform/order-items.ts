import { bareDigits } from '../http/json.ts';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { type OrderItem, OrderItems, OrdersWithItems } from './schemas.ts';

/** The most orders that one GetMultipleOrderItems takes. */
export const MOST_ORDERS_READ = 50;

/** GetOrderItems: one object per unit that was bought. */
export async function getOrderItems(
  platform: OpenPlatform,
  shop: Shop,
  orderId: string,
  options?: CallOptions,
): Promise<readonly OrderItem[]> {
  const endpoint = { method: 'GET', path: '/order/items/get', params: { order_id: orderId } } as const;
  const { content } = await platform.call(shop, endpoint, { schema: OrderItems, from: 'data' }, options);
  return content;
}

/** GetMultipleOrderItems, of at most 50 orders. An order that Lazada leaves out, or whose items it does, is not in the map. */
export async function getMultipleOrderItems(
  platform: OpenPlatform,
  shop: Shop,
  orderIds: readonly string[],
  options?: CallOptions,
): Promise<ReadonlyMap<string, readonly OrderItem[]>> {
  const params = { order_ids: JSON.stringify(orderIds.map(bareDigits)) };
  const endpoint = { method: 'GET', path: '/orders/items/get', params } as const;
  const { content } = await platform.call(shop, endpoint, { schema: OrdersWithItems, from: 'data' }, options);
  return new Map(content.flatMap(({ orderId, items }) => (items ? [[orderId, items] as const] : [])));
}
